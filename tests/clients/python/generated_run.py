"""A client that openapi-python-client generated, as `generated` beside this."""

import json
import sys

from generated import Client
from generated.api.knowledge_bases import list_kbs
from generated.api.questions import ask, search
from generated.models import AskRequest, AskResponse, KbList, SearchRequest, SearchResponse

client = Client(base_url=sys.argv[1])
question = "When does the last car go down in summer?"
answer = ask.sync(client=client, body=AskRequest(kb="demo", question=question))
found = search.sync(client=client, body=SearchRequest(kb="demo", question=question, top_k=3))
bases = list_kbs.sync(client=client)
assert isinstance(answer, AskResponse)
assert isinstance(found, SearchResponse)
assert isinstance(bases, KbList)
print(
    json.dumps({"text": answer.text, "n": len(found.sources), "names": [each.name for each in bases.knowledge_bases]})
)
