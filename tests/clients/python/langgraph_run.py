"""LangChain's agent (LangGraph) with the MCP adapters and a scripted model; and its OpenAI client on our own API."""

import asyncio
import json
import sys

from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_openai import ChatOpenAI

QUESTION = "When does the last car go down in summer?"


class Scripted(GenericFakeChatModel):
    def bind_tools(self, tools, **more):
        return self


async def main():
    client = MultiServerMCPClient({"documents": {"url": f"{sys.argv[1]}/mcp", "transport": "http"}})
    call = {"name": "search", "args": {"kb": "demo", "question": QUESTION}, "id": "1"}
    model = Scripted(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("done")]))
    done = await create_agent(model, await client.get_tools()).ainvoke({"messages": [("user", QUESTION)]})
    read = next(message for message in done["messages"] if message.type == "tool")
    chat = ChatOpenAI(model="demo", base_url=f"{sys.argv[1]}/v1", api_key="-")
    whole = await chat.ainvoke(QUESTION)
    streamed = "".join([piece.text async for piece in chat.astream(QUESTION)])
    print(json.dumps({"text": str(read.content), "status": read.status, "whole": whole.text, "streamed": streamed}))


asyncio.run(main())
