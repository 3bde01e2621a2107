"""pydantic-ai over streamable HTTP with a scripted model: it searches, reads what comes back, and answers."""

import asyncio
import json
import sys

from pydantic_ai import Agent, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.models.function import FunctionModel


def scripted(messages, info):
    returned = [part for part in messages[-1].parts if isinstance(part, ToolReturnPart)]
    if not returned:
        wanted = {"kb": "demo", "question": "When does the last car go down in summer?", "image": None}
        return ModelResponse(parts=[ToolCallPart("search", wanted)])
    return ModelResponse(parts=[TextPart(str(returned[0].content))])


async def main():
    agent = Agent(FunctionModel(scripted), toolsets=[MCPToolset(f"{sys.argv[1]}/mcp")])
    done = await agent.run("When does the last car go down?")
    print(json.dumps({"text": done.output}))


asyncio.run(main())
