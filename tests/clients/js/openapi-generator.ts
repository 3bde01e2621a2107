import { Configuration, KnowledgeBasesApi, QuestionsApi } from "./ts/index.js";

const configuration = new Configuration({ basePath: process.argv[2] });
const questions = new QuestionsApi(configuration);
const answer = await questions.ask({ askRequest: { kb: "demo", question: "When does the last car go down in summer?" } });
const found = await questions.search({ searchRequest: { kb: "demo", question: "a goat", topK: 3 } });
const listed = await new KnowledgeBasesApi(configuration).listKbs();
const names = listed.knowledgeBases.map((base) => base.name);
console.log(JSON.stringify({ text: answer.text, n: found.sources.length, names }));
