// Server-sent events out of a response, as they come. EventSource cannot send a body or a token.

/**
 * @param {Response} response
 * @returns {AsyncGenerator<{event: string, data: any}>} data is parsed JSON
 */
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let name = "message";
  /** @type {string[]} */
  let parts = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      // A CR at the end of a piece may be half a line end: it waits for the next piece.
      const lines = (rest + (value ?? "")).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      yield* gather(lines);
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }

  /** @param {string[]} lines */
  function* gather(lines) {
    for (const line of lines) {
      if (line === "") {
        if (parts.length) yield { event: name, data: JSON.parse(parts.join("\n")) };
        name = "message";
        parts = [];
      } else if (line.startsWith("event:")) name = line.slice(6).trim();
      else if (line.startsWith("data:")) parts.push(line.slice(5).replace(/^ /, ""));
    }
  }
}
