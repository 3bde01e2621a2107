// Types made from /openapi.json, in strict mode; `api.d.ts` is generated beside this.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "" });
const { data, error } = await client.POST("/v1/ask", {
  body: { kb: "demo", question: "When does the last car go down in summer?" },
});
if (error !== undefined || typeof data !== "object") throw new Error(JSON.stringify(error)); // a string is a stream
const first: components["schemas"]["SourceOut"] | undefined = data.sources[0];
const name = (event: components["schemas"]["AskEvent"]): string =>
  event.event === "token" ? event.data.text : event.event === "sources" ? String(event.data.sources.length) : event.event;
console.log(JSON.stringify({ text: data.text, source: first?.source, event: name({ event: "token", data: { text: "x" } }) }));
