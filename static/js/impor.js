// The progress of a running import, asked anew every two seconds; without this file the page refreshes itself.
"use strict";
(() => {
  const place = document.querySelector("[data-jalan]");
  if (!place) return;
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-jalan] .kemajuan");
      if (!answer.ok || !fresh) return location.reload();
      place.querySelector(".kemajuan").replaceWith(fresh);
    } catch {
      // Offline for a moment: the work goes on, the next question tells.
    }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 1000);
})();
