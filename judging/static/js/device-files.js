// Without a network a link to a file gives the copy that is kept here: the worker answers pages, not new addresses.

const FILE = /^\/entries\/[^/]+\/files\//;

async function give(link) {
  const response = await fetch(link.href).catch(() => null);
  if (!response?.ok) {
    location.assign(link.href);
    return;
  }
  const named = /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition") || "");
  const saved = document.createElement("a");
  saved.href = URL.createObjectURL(await response.blob());
  saved.download = named?.[1] || "";
  saved.click();
  setTimeout(() => URL.revokeObjectURL(saved.href), 60_000);
}

export function offerKeptFiles() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (navigator.onLine || !link || event.defaultPrevented || !FILE.test(new URL(link.href).pathname)) return;
    event.preventDefault();
    give(link);
  });
}
