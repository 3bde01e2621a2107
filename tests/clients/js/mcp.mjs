// MCP's own client for Node, over streamable HTTP.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const client = new Client({ name: "test", version: "1" });
await client.connect(new StreamableHTTPClientTransport(new URL(`${process.argv[2]}/mcp`)));
const tools = (await client.listTools()).tools.map((tool) => tool.name);
const found = await client.callTool({
  name: "search",
  arguments: { kb: "demo", question: "When does the last car go down in summer?", where: null },
});
const nonsense = await client.callTool({ name: "nonsense", arguments: {} }).catch((error) => error.code);
const misspelt = await client.callTool({ name: "search", arguments: { kb: "demo", question: "x", topk: 1 } });
console.log(
  JSON.stringify({
    tools,
    text: found.content[0].text,
    kinds: found.content.map((block) => block.type),
    nonsense: nonsense.content ?? nonsense,
    misspelt: [misspelt.isError, misspelt.content[0].text],
  }),
);
await client.close();
