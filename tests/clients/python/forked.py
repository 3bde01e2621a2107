"""After a search, children made by fork search too: with their parent's knowledge base, and with their own."""

import json
import multiprocessing

from rag import KnowledgeBase

QUESTIONS = ("Which car is blue?", "Who rang the bell in the fog?", "What does a ticket for a goat cost?")


def searched(kb, queue):
    queue.put([len(kb.search(question)) for question in QUESTIONS])


def opened(queue):
    with KnowledgeBase.open("demo") as kb:
        searched(kb, queue)


if __name__ == "__main__":
    made, context = {}, multiprocessing.get_context("fork")
    with KnowledgeBase.open("demo") as kb:
        kb.search("When does the last car go down?")
        for name, target, arguments in (("theirs", searched, (kb,)), ("own", opened, ())):
            queue = context.Queue()
            process = context.Process(target=target, args=(*arguments, queue))
            process.start()
            process.join(60)
            made[name] = queue.get(timeout=5) if process.exitcode == 0 else f"exit {process.exitcode}"
            process.kill()
    print(json.dumps(made))
