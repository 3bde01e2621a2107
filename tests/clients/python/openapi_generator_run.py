"""A client that openapi-generator made of our document."""

import json
import sys

from rag_client import ApiClient, AskRequest, Configuration, KnowledgeBasesApi, QuestionsApi, SearchRequest

with ApiClient(Configuration(host=sys.argv[1])) as client:
    questions = QuestionsApi(client)
    answer = questions.ask(AskRequest(kb="demo", question="When does the last car go down in summer?"))
    found = questions.search(SearchRequest(kb="demo", question="a goat", top_k=3))
    names = [base.name for base in KnowledgeBasesApi(client).list_kbs().knowledge_bases]
    print(json.dumps({"text": answer.text, "n": len(found.sources), "names": names}))
