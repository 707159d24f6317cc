// The recount off the page's own thread: takes {bundle, vkey}, the zip file's address or bytes, and answers step by step.

import { readZip, recountBundle } from "./recount.js";

addEventListener("message", async ({ data: { bundle, vkey } }) => {
  try {
    let bytes = bundle;
    if (typeof bundle === "string") {
      const answer = await fetch(bundle);
      if (!answer.ok) throw new Error(String(answer.status));
      bytes = await answer.arrayBuffer();
    }
    const result = await recountBundle(await readZip(bytes), { vkey, onStep: (step) => postMessage({ step }) });
    postMessage({ result });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
