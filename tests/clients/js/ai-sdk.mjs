// Vercel's AI SDK: its default is the Responses API, its other way chat completions.
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";

const provider = createOpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: "-" });
const prompt = "When does the last car go down in summer?";
const made = {};
for (const [name, model] of [
  ["responses", provider("demo")],
  ["chat", provider.chat("demo")],
]) {
  const whole = await generateText({ model, prompt, maxRetries: 0 });
  const stream = streamText({
    model,
    maxRetries: 0,
    messages: [
      { role: "system", content: "Answer in French." },
      { role: "user", content: "Which cars are there?" },
      { role: "assistant", content: "Gannet and Puffin. [1]" },
      { role: "user", content: prompt },
    ],
  });
  let text = "";
  for await (const piece of stream.textStream) text += piece;
  made[name] = { text: whole.text, sources: whole.sources, usage: whole.usage, streamed: text, why: await stream.finishReason };
}
console.log(JSON.stringify(made));
