"""haystack's agent over streamable HTTP with a scripted generator: it searches, reads what comes back, and answers."""

import json
import sys

from haystack import component
from haystack.components.agents import Agent
from haystack.dataclasses import ChatMessage, ToolCall
from haystack_integrations.tools.mcp import MCPToolset, StreamableHttpServerInfo


@component
class Scripted:
    @component.output_types(replies=list[ChatMessage])
    def run(self, messages: list[ChatMessage], tools=None, **more):
        read = [message.tool_call_result.result for message in messages if message.tool_call_result]
        if read:
            return {"replies": [ChatMessage.from_assistant(str(read[-1]))]}
        wanted = {"kb": "demo", "question": "When does the last car go down in summer?"}
        return {"replies": [ChatMessage.from_assistant(tool_calls=[ToolCall("search", wanted)])]}


tools = MCPToolset(server_info=StreamableHttpServerInfo(url=f"{sys.argv[1]}/mcp"), invocation_timeout=60)
agent = Agent(chat_generator=Scripted(), tools=tools)
done = agent.run(messages=[ChatMessage.from_user("When does the last car go down?")])
print(json.dumps({"text": done["last_message"].text}))
