// In a browser's page of another origin: every call of OpenAI's client is preceded by a preflight.
import OpenAI from "openai";

const url = new URLSearchParams(location.search).get("server");
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "-", maxRetries: 0, dangerouslyAllowBrowser: true });
const question = "When does the last car go down in summer?";
const messages = [{ role: "user", content: question }];

async function run() {
  const models = (await client.models.list()).data.map((model) => model.id);
  let streamed = "";
  for await (const chunk of await client.chat.completions.create({ model: "demo", messages, stream: true })) {
    streamed += chunk.choices[0]?.delta?.content ?? "";
  }
  const response = await client.responses.create({ model: "demo", input: question });
  const cited = response.output[0].content[0].annotations[0];
  const size = await new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(image.naturalWidth);
    image.onerror = () => resolve(0);
    image.src = cited.thumbnail;
  });
  return { models, streamed, response: response.output_text, size };
}

run()
  .catch((error) => ({ error: String(error) }))
  .then((made) => {
    document.body.dataset.made = JSON.stringify(made);
  });
