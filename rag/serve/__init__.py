"""HTTP, the web page and MCP over knowledge bases. `rag.serve.app.create_app` is the way in."""
