// The page of one job: its figures anew every few seconds, told aloud once for every ten percent.
(() => {
  "use strict";
  const told = document.getElementById("umum-pekerjaan");
  let last = document.getElementById("isi-pekerjaan")?.dataset.sepuluh;
  const again = async () => {
    const here = document.getElementById("isi-pekerjaan");
    if (!here || !("jalan" in here.dataset)) return;
    let answer;
    try {
      answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    } catch {
      setTimeout(again, 15000);
      return;
    }
    if (!answer.ok) { location.reload(); return; }
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("isi-pekerjaan");
    if (!part) return;
    here.replaceWith(part);
    if (!("jalan" in part.dataset)) { told.textContent = told.dataset.usai; return; }
    if (part.dataset.sepuluh !== last) { last = part.dataset.sepuluh; told.textContent = `${last} ${told.dataset.kata}`; }
    setTimeout(again, 4000);
  };
  setTimeout(again, 4000);
})();
