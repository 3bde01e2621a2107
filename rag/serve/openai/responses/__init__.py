"""The text subset of OpenAI's Responses API: the same questions and answers in another form."""
