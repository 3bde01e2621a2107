"""openai-agents over stdio with a scripted model: it searches, reads what comes back, and answers. Default limits."""

import asyncio
import json
import os
import sys
import time

from agents import Agent, Model, ModelResponse, Runner, Usage, set_tracing_disabled
from agents.mcp import MCPServerStdio
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

set_tracing_disabled(True)


class Scripted(Model):
    async def get_response(
        self, system_instructions, input, model_settings, tools, output_schema, handoffs, tracing, **more
    ):
        outputs = [item for item in input if isinstance(item, dict) and item.get("type") == "function_call_output"]
        if not outputs:
            wanted = json.dumps({"kb": "demo", "question": "When does the last car go down in summer?", "image": None})
            call = ResponseFunctionToolCall(call_id="1", name="search", arguments=wanted, type="function_call")
            return ModelResponse([call], Usage(), None)
        said = ResponseOutputText(text=str(outputs[-1]["output"]), type="output_text", annotations=[])
        message = ResponseOutputMessage(id="m", content=[said], role="assistant", status="completed", type="message")
        return ModelResponse([message], Usage(), None)

    def stream_response(self, *args, **kwargs):
        raise NotImplementedError


async def main():
    began = time.perf_counter()
    command = {"command": sys.argv[1], "args": ["-m", "rag", "mcp"], "env": dict(os.environ)}
    async with MCPServerStdio(params=command) as server:
        ready_s = time.perf_counter() - began
        agent = Agent("reader", model=Scripted(), mcp_servers=[server])
        done = await Runner.run(agent, "When does the last car go down?")
        print(json.dumps({"text": done.final_output, "ready_s": ready_s, "whole_s": time.perf_counter() - began}))


asyncio.run(main())
