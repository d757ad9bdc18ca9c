/* Tries the API from its own page. The token stays in the field of this page and nowhere else. */
(() => {
"use strict";
const D = document, BATAS = 40000;
const $ = (s, r = D) => r.querySelector(s), $$ = (s, r = D) => [...r.querySelectorAll(s)];
const kunci = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");

$$("[data-perlu-skrip]").forEach(e => { e.hidden = false; });
$$("[name='Idempotency-Key']").forEach(e => { e.value = kunci(); });

function permintaan(rute) {
  const f = $("[data-coba]", rute), isian = $$("[data-letak]", f), cara = rute.dataset.cara;
  let alamat = rute.dataset.alamat;
  const tanya = new URLSearchParams(), kepala = {}; let badan;
  for (const e of isian) {
    const v = e.value.trim();
    if (e.dataset.letak === "path") alamat = alamat.replace(`{${e.name}}`, encodeURIComponent(v || "0"));
    else if (e.dataset.letak === "body") badan = e.value;
    else if (v && e.dataset.letak === "query") tanya.set(e.name, v);
    else if (v && e.dataset.letak === "header") kepala[e.name] = v;
  }
  if (badan !== undefined) kepala["Content-Type"] = "application/json";
  const ekor = tanya.toString();
  return { cara, alamat: alamat + (ekor ? `?${ekor}` : ""), kepala, badan };
}

/* One word for a POSIX shell, whatever stands in it. */
const kutip = t => `'${t.replaceAll("'", "'\\''")}'`;
function tulisCurl(rute) {
  const p = permintaan(rute), kata = ["curl"];
  if (p.cara !== "GET") kata.push("-X", p.cara);
  kata.push("-H", kutip("Authorization: Bearer TOKEN"));
  for (const [n, v] of Object.entries(p.kepala)) kata.push("-H", kutip(`${n}: ${v}`));
  if (p.badan !== undefined) kata.push("-d", kutip(p.badan));
  $("[data-curl]", rute).textContent = `${kata.join(" ")} ${kutip(location.origin + p.alamat)}`;
}

let lama = "";
async function kirim(rute) {
  const p = permintaan(rute), kotak = $("[data-jawaban]", rute), teks = $("code", kotak), tanda = $("[data-status-jawaban]", kotak), unduh = $("[data-unduh]", kotak);
  kotak.hidden = false; tanda.textContent = "…"; teks.textContent = ""; unduh.hidden = true;
  const token = $("#token").value.trim(), mulai = performance.now();
  try {
    const r = await fetch(p.alamat, { method: p.cara, headers: { ...p.kepala, ...(token ? { Authorization: `Bearer ${token}` } : {}) }, body: p.badan, credentials: "omit", cache: "no-store" });
    const data = await r.blob(), jenis = r.headers.get("Content-Type") || "";
    tanda.textContent = `${r.status} · ${Math.round(performance.now() - mulai)} ms · ${data.size.toLocaleString(D.documentElement.lang)} byte`;
    if (lama) URL.revokeObjectURL(lama);
    lama = unduh.href = URL.createObjectURL(data);
    unduh.download = (/filename="([^"]+)"/.exec(r.headers.get("Content-Disposition") || "") || [])[1] || "jawaban.json"; unduh.hidden = false;
    let isi = /json|csv|text/.test(jenis) ? await data.text() : jenis;
    if (jenis.includes("json")) { try { isi = JSON.stringify(JSON.parse(isi), null, 2); } catch { /* shown as it came */ } }
    teks.textContent = isi.length > BATAS ? `${isi.slice(0, BATAS)}\n…` : isi;
    if (r.status === 201) { const k = $("[name='Idempotency-Key']", rute); if (k) { k.value = kunci(); tulisCurl(rute); } }
  } catch (e) { tanda.textContent = String(e.message || e); }
}

for (const rute of $$("[data-rute]")) {
  rute.addEventListener("toggle", () => { if (rute.open) tulisCurl(rute); });
  rute.addEventListener("input", () => tulisCurl(rute));
  $("[data-coba]", rute).addEventListener("submit", e => { e.preventDefault(); kirim(rute); });
}
$$("[data-rute][open]").forEach(tulisCurl);
const tujuan = location.hash && D.getElementById(location.hash.slice(1));
if (tujuan?.matches?.("details")) tujuan.open = true;
})();
