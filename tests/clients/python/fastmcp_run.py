"""fastmcp's client over streamable HTTP."""

import asyncio
import json
import sys

from fastmcp import Client


async def main():
    async with Client(f"{sys.argv[1]}/mcp") as client:
        tools = [tool.name for tool in await client.list_tools()]
        found = await client.call_tool("search", {"kb": "demo", "question": "zebra quantum mechanics lasagne"})
        bases = await client.call_tool("list_knowledge_bases", {})
        print(json.dumps({"tools": tools, "text": found.content[0].text, "bases": bases.content[0].text}))


asyncio.run(main())
