"""crewAI's MCP adapter over streamable HTTP with a scripted model: it searches, reads what comes back, and answers."""

import json
import os
import sys

os.environ |= {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "CREWAI_TRACING_ENABLED": "false"}

from crewai import Agent, BaseLLM
from crewai_tools import MCPServerAdapter


class Scripted(BaseLLM):
    def call(self, messages, tools=None, callbacks=None, available_functions=None, **more):
        said = str(messages)
        if "Observation:" not in said.split("Current Task", 1)[-1]:
            wanted = json.dumps({"kb": "demo", "question": "When does the last car go down in summer?"})
            return f"Thought: I search.\nAction: search\nAction Input: {wanted}"
        return f"Thought: I know it.\nFinal Answer: {said}"

    def supports_function_calling(self):
        return False


with MCPServerAdapter({"url": f"{sys.argv[1]}/mcp", "transport": "streamable-http"}) as tools:
    agent = Agent(role="reader", goal="find it", backstory="-", tools=list(tools), llm=Scripted(model="scripted"))
    print(json.dumps({"text": agent.kickoff("When does the last car go down?").raw}))
