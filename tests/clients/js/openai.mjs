// The official client of OpenAI under Node: whole, streamed, as a response, with vectors.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: "-", maxRetries: 0 });
const question = "When does the last car go down in summer?";
const messages = [{ role: "user", content: question }];

const whole = await client.chat.completions.create({ model: "demo", messages });
let streamed = "";
for await (const chunk of await client.chat.completions.create({ model: "demo", messages, stream: true })) {
  streamed += chunk.choices[0]?.delta?.content ?? "";
}
const response = await client.responses.create({ model: "demo", input: question });
let events = 0;
let again = "";
for await (const event of await client.responses.create({ model: "demo", input: question, stream: true })) {
  events += 1;
  if (event.type === "response.output_text.delta") again += event.delta;
}
const vectors = await client.embeddings.create({ model: "demo", input: ["a", "b"] });
const wrong = await client.completions.create({ model: "demo", prompt: "x" }).catch((error) => error);
console.log(
  JSON.stringify({
    whole: whole.choices[0].message.content,
    annotations: whole.choices[0].message.annotations,
    streamed,
    response: response.output_text,
    again,
    events,
    dims: vectors.data.map((each) => each.embedding.length),
    wrong: [wrong.status, wrong.message],
  }),
);
