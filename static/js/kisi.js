/* The team grid: digits fill and move on, everything saves itself, nothing is lost and nothing is overwritten in silence.
   Without this script the same form is saved by its button.
   Contract with the page: form[data-kisi] holds [data-id][data-rev][data-contoh] rows; a mark is named n-<assessment>-<key>. */
(() => {
"use strict";
const D = document, f = D.querySelector("form[data-kisi]");
if (!f || !self.Kinerja) return;
const K = self.Kinerja, $ = (s, r = D) => r.querySelector(s), $$ = (s, r = D) => [...r.querySelectorAll(s)];
const kata = JSON.parse($("#kata-kisi").textContent), draf = new K.Draf(f), wajib = "wajib" in f.dataset;
const nama = [...new Set($$("[data-k]", f).map(e => e.name).filter(Boolean))];
const pecah = n => { const [, id, k] = n.split("-"); return { id, k }; };
const kode = k => ({ result: "HASIL", behaviour: "PERILAKU" })[k] || k.toUpperCase();
const unsur = Object.fromEntries(nama.map(n => [n, f.elements[n]])); // looked up once: typing must stay quick
const semuaBaris = Object.fromEntries($$("[data-id]", f).map(e => [e.dataset.id, e])), baris = id => semuaBaris[id];
const orang = id => $("[data-nama]", baris(id)).textContent;
const nilai = n => unsur[n].value;
const simpanan = n => { const e = unsur[n]; return e.length === undefined ? e.defaultValue : ([...e].find(x => x.defaultChecked)?.value ?? ""); };
const dasar = Object.fromEntries(nama.map(n => [n, simpanan(n)])); // what the server is known to hold
const aspek = $$("[data-aspek]", f).map(e => ({ k: e.dataset.aspek, nama: e.dataset.nama }));
const namaAspek = k => aspek.find(a => a.k === k)?.nama || "";
const punyaContoh = (id, k) => baris(id).dataset.contoh.split(" ").includes(kode(k));
f.classList.add("hidup");

/* ---- showing */
function pasang(n, v) { const e = unsur[n]; e.value = v; lukis(n); }
function lukis(n) {
  const v = nilai(n), { id, k } = pecah(n), e = unsur[n], satu = e.length === undefined ? e : e[0];
  const perlu = wajib && (v === "1" || v === "3") && !punyaContoh(id, k), wadah = satu.closest("td, fieldset");
  if (e.length === undefined) e.dataset.v = v;
  wadah.classList.toggle("perlu", perlu);
  wadah.classList.toggle("ada", punyaContoh(id, k));
  let c = $("[data-catatan]", wadah);
  if (!c && perlu) { c = D.createElement("span"); c.className = "sr"; c.id = `c-${n}`; c.dataset.catatan = ""; satu.setAttribute("aria-describedby", c.id); wadah.append(c); }
  c?.replaceChildren(perlu ? kata.perlu_sel : "");
}
function hitung() {
  let isi = 0, perlu = 0; const kolom = {};
  for (const n of nama) { const { id, k } = pecah(n), v = nilai(n); kolom[k] ||= []; kolom[k].push(v); if (v) isi++; if (wajib && (v === "1" || v === "3") && !punyaContoh(id, k)) perlu++; }
  const o = $("[data-hitung]", f); if (o) o.textContent = K.isi(kata.hitung, { n: isi, total: nama.length });
  const g = $("[data-kemajuan]", f); if (g) g.value = isi;
  for (const k in kolom) $$(`[data-terisi="${k}"]`, f).forEach(e => { e.textContent = `${kolom[k].filter(Boolean).length}/${kolom[k].length}`; });
  const p = $("[data-perlu]", f); if (p) { p.hidden = !perlu; p.textContent = K.isi(kata.perlu, { n: perlu }); }
  return kolom;
}

/* ---- a second look: one mark for everybody, or faster than one can read */
const mulai = {};
function tinjau(k, kolom) {
  const v = kolom[k] || [], t = $("[data-tanya]"); if (!t || !v.length || v.includes("")) return;
  const cepat = mulai[k] && (Date.now() - mulai[k]) / v.length < 2000 && v.length > 3;
  const sama = v.length > 3 && new Set(v).size === 1;
  t.textContent = sama ? K.isi(kata.seragam, { aspek: namaAspek(k) }) : cepat ? K.isi(kata.cepat, { aspek: namaAspek(k) }) : "";
  t.hidden = !t.textContent;
  simpan.kirim();
}

/* ---- saving */
const simpan = new K.Simpan(f, {
  alamat: f.dataset.kisi, draf,
  badan(isian) {
    const rows = {};
    for (const n in isian) { const { id, k } = pecah(n); (rows[id] ||= { assessment: +id, revision: +baris(id).dataset.rev, changes: {} }).changes[k] = isian[n] ? +isian[n] : null; }
    return { rows: Object.values(rows) };
  },
  diterima: jawab, bentrok: jawab, ditolak: jawab,
});
function jawab(j, kini) {
  const lagi = [], beda = []; let tolak = "";
  for (const r of j.rows || []) {
    const b = baris(r.assessment); if (!b) continue;
    if (r.revision) b.dataset.rev = r.revision;
    if (r.examples) b.dataset.contoh = r.examples.join(" ");
    for (const n in kini) { const { id, k } = pecah(n); if (+id !== r.assessment) continue;
      const ada = r.marks ? String(r.marks[k] ?? "") : null, awal = draf.d["dasar:" + n]?.v ?? dasar[n];
      if (r.status === 200 || ada === kini[n]) { dasar[n] = kini[n]; if (nilai(n) === kini[n]) draf.buang("dasar:" + n); }
      else if (r.stale && ada === awal) lagi.push(n);
      else if (r.stale) beda.push({ n, ada, saya: kini[n], siapa: r.by, jam: r.at });
      else { tolak = r.message; draf.buang("dasar:" + n); } }
    for (const k in r.marks || {}) { const n = `n-${r.assessment}-${k}`, v = String(r.marks[k] ?? ""); if (!(n in dasar) || n in kini || n in simpan.tunggu) continue; if (nilai(n) === dasar[n] && v !== dasar[n]) pasang(n, v); dasar[n] = v; }
    saran(r);
  }
  const kena = new Set((j.rows || []).map(r => String(r.assessment)));
  nama.forEach(n => { if (kena.has(pecah(n).id)) lukis(n); }); hitung();
  if (tolak) K.status(f, "gagal", tolak);
  if (beda.length) { beda.forEach(x => { draf.taruh(x.n, x.saya); bentrok.set(x.n, x); }); bukaBentrok(); }
  lagi.forEach(n => simpan.ubah(n, nilai(n)));
}
function ubah(n) {
  const e = unsur[n], v = nilai(n);
  if (v && !/^[123]$/.test(v)) { e.setAttribute("aria-invalid", "true"); K.status(f, "gagal", kata.isi123); return; }
  if (e.length === undefined) e.removeAttribute("aria-invalid");
  if (!draf.d["dasar:" + n]) draf.taruh("dasar:" + n, dasar[n]);
  bentrok.delete(n); lukis(n); simpan.ubah(n, v);
  const { k } = pecah(n); mulai[k] ||= Date.now(); nanti.add(k);
  if (nanti.size === 1) setTimeout(() => { const kolom = hitung(); nanti.forEach(x => tinjau(x, kolom)); nanti.clear(); });
}
const nanti = new Set(); // columns to count once the key is on the screen
f.addEventListener("input", e => { if (e.target.dataset.k) ubah(e.target.name); });
f.addEventListener("change", e => { if (e.target.type === "radio" && e.target.dataset.k) simpan.kirim(); });
$("[data-coba]", f)?.addEventListener("click", () => simpan.kirim());
/* Without storage a closed tab would lose what was not sent yet. */
addEventListener("beforeunload", e => { if (Object.keys(simpan.tunggu).length && !navigator.onLine) { try { localStorage.length; } catch { e.preventDefault(); } } });

/* ---- two values for one cell: both are shown, a person decides */
const bentrok = new Map(), dlgBentrok = $("#bentrok");
function bukaBentrok() {
  const daftar = $("[data-daftar]", dlgBentrok); daftar.replaceChildren();
  for (const [n, x] of bentrok) {
    const { id, k } = pecah(n), butir = $("#butir-bentrok").content.cloneNode(true), isi = (s, t) => { $(s, butir).textContent = t; };
    isi("[data-judul]", `${orang(id)} · ${namaAspek(k)}`);
    isi("[data-kapan]", K.isi(kata.bentrok, { nama: x.siapa || kata.seseorang, jam: x.jam || "" }));
    isi("[data-ada]", kata.nilai[x.ada] || kata.kosong); isi("[data-saya]", kata.nilai[x.saya] || kata.kosong);
    $("[data-pakai=ada]", butir).onclick = () => putus(n, x.ada, false);
    $("[data-pakai=saya]", butir).onclick = () => putus(n, x.saya, true);
    unsur[n].setAttribute?.("aria-invalid", "true"); daftar.append(butir);
  }
  K.status(f, "gagal", K.isi(kata.bentrok_n, { n: bentrok.size }));
  if (bentrok.size && !dlgBentrok.open) dlgBentrok.showModal();
  $("button", daftar)?.focus();
}
function putus(n, v, kirim) {
  const x = bentrok.get(n); bentrok.delete(n); dasar[n] = x.ada; draf.buang("dasar:" + n); draf.buang(n); unsur[n].removeAttribute?.("aria-invalid"); pasang(n, v);
  if (kirim) ubah(n); else hitung();
  if (bentrok.size) return bukaBentrok();
  dlgBentrok.close(); if (!kirim) K.status(f, "ok", kata.dipakai); (unsur[n].length === undefined ? unsur[n] : unsur[n][0]).focus();
}

/* ---- what follows the cursor: evidence of the person, anchors of the aspect, advice after the own mark */
let kini = null;
const peta = (sifat, wadah = D) => { const m = new Map(); $$(`[data-${sifat}]`, wadah).forEach(e => m.set(e.dataset[sifat], [...(m.get(e.dataset[sifat]) || []), e])); return m; };
const panel = peta("bukti"), jangkar = peta("jangkar"), kolomSel = peta("kolom", f);
const setiap = (m, kunci, kerja) => (m.get(kunci) || []).forEach(kerja);
function ikuti(id, k) {
  if (kini?.id !== id) {
    if (kini) { setiap(panel, kini.id, e => { e.hidden = true; }); baris(kini.id).classList.remove("kini"); } else panel.forEach(es => es.forEach(e => { e.hidden = true; }));
    setiap(panel, id, e => { e.hidden = false; }); baris(id).classList.add("kini");
  }
  if (kini?.k !== k) {
    if (kini) { setiap(jangkar, kini.k, e => { e.hidden = true; }); setiap(kolomSel, kini.k, e => e.classList.remove("kini")); } else { jangkar.forEach(es => es.forEach(e => { e.hidden = true; })); $$(".kini[data-kolom]", f).forEach(e => e.classList.remove("kini")); }
    setiap(jangkar, k, e => { e.hidden = false; }); setiap(kolomSel, k, e => e.classList.add("kini"));
  }
  kini = { id, k };
}
/* The head of the table stays below the anchors, however tall their words make them. */
const atas = $(".jangkar", f);
if (atas && self.ResizeObserver) new ResizeObserver(() => f.style.setProperty("--atas", `${atas.offsetHeight}px`)).observe(atas);
function saran(r) {
  const p = $(`[data-bukti="${r.assessment}"]`); if (!p) return;
  for (const w of ["result", "behaviour"]) { const s = $(`[data-saran="${w}"]`, p), a = r.advice?.[w]; if (s) { s.hidden = !a; s.toggleAttribute("data-berbeda", Boolean(a?.differs)); $("[data-teks]", s).textContent = a?.text || ""; $("[data-tulis]", s).hidden = !a?.needs_reason; } }
  const c = $("[data-predikat]", p); if (c) { c.hidden = !r.predicate; c.replaceChildren(); if (r.predicate) { const s = D.createElement("span"); s.className = "chip"; s.dataset.p = r.predicate.rank; s.textContent = `${r.predicate.shape} ${r.predicate.word}`; c.append(kata.predikat + " ", s); } }
}

/* ---- the keyboard: native inputs in a native table; these keys are an addition */
const tabel = $("table", f), baris2 = tabel ? $$("tbody tr[data-id]", tabel) : [];
const sel = (r, k) => baris2[r] ? $(`[data-k="${k}"]`, baris2[r]) : null;
const urutan = aspek.map(a => a.k);
function bawah(r, k, arah = 1) { for (let i = r + arah; i >= 0 && i < baris2.length; i += arah) { const e = sel(i, k); if (e) return e; } return null; }
function samping(r, k, arah) { for (let i = urutan.indexOf(k) + arah; i >= 0 && i < urutan.length; i += arah) { const e = sel(r, urutan[i]); if (e) return e; } return null; }
function berikut(r, k) { const e = bawah(r, k); if (e) return e; for (let i = urutan.indexOf(k) + 1; i < urutan.length; i++) { const g = bawah(-1, urutan[i]); if (g) return g; } return null; }
const otomatis = $("[data-otomatis]", f);
if (otomatis) { try { otomatis.checked = localStorage.getItem("kisi-otomatis") !== "0"; } catch { /* forbidden */ } otomatis.addEventListener("change", () => { try { localStorage.setItem("kisi-otomatis", otomatis.checked ? "1" : "0"); } catch { /* forbidden */ } }); }
tabel?.addEventListener("focusin", e => { const t = e.target; if (!t.dataset.k) return; t.select(); t.dataset.awal = t.value; ikuti(t.closest("tr").dataset.id, t.dataset.k); });
tabel?.addEventListener("keydown", e => {
  const t = e.target; if (!t.dataset.k || e.altKey || e.metaKey || e.isComposing) return;
  const r = baris2.indexOf(t.closest("tr")), k = t.dataset.k; let g = null;
  if (e.ctrlKey) { if (e.key === "Enter") { e.preventDefault(); bukaContoh(t.name); } return; }
  if (/^[123]$/.test(e.key)) { e.preventDefault(); t.value = e.key; ubah(t.name); if (!otomatis || otomatis.checked) berikut(r, k)?.focus(); else t.select(); return; }
  if (e.key === "ArrowDown" || (e.key === "Enter" && !e.shiftKey)) g = e.key === "Enter" ? berikut(r, k) : bawah(r, k);
  else if (e.key === "ArrowUp" || e.key === "Enter") g = bawah(r, k, -1);
  else if (e.key === "ArrowRight") g = samping(r, k, 1);
  else if (e.key === "ArrowLeft") g = samping(r, k, -1);
  else if (e.key === "Escape") { e.preventDefault(); if (t.value !== t.dataset.awal) { t.value = t.dataset.awal; ubah(t.name); t.select(); } return; }
  else if (e.key === "F6") { e.preventDefault(); $(`[data-bukti="${kini.id}"]`)?.focus(); return; }
  else if (e.key.length === 1) { e.preventDefault(); K.status(f, "gagal", kata.isi123); return; }
  else return;
  e.preventDefault(); g?.focus();
});
D.addEventListener("keydown", e => { if (e.key === "F6" && e.target.closest?.("[data-bukti]") && kini) { e.preventDefault(); $(`[name="n-${kini.id}-${kini.k}"]`, f)?.focus(); } });
$("[data-perlu]", f)?.addEventListener("click", () => { const n = nama.find(x => { const { id, k } = pecah(x), v = nilai(x); return (v === "1" || v === "3") && !punyaContoh(id, k); }); if (n) { unsur[n].focus?.(); bukaContoh(n); } });

/* ---- the example behind a mark, and the reason where it departs from the advice */
const dlg = $("#contoh"), fc = dlg && $("form", dlg); let asal = null;
function bukaContoh(n) {
  if (!dlg) return; simpan.kirim(); const { id, k } = pecah(n), panel = $(`[data-bukti="${id}"]`), teks = fc.elements.text;
  asal = n; $("[data-judul]", dlg).textContent = `${orang(id)} · ${namaAspek(k)}${nilai(n) ? ` · ${kata.nilai[nilai(n)]}` : ""}`;
  const alasan = panel && $(`[data-saran="${k}"]`, panel), perlu = Boolean(alasan && !alasan.hidden && "berbeda" in alasan.dataset);
  $("[data-alasan]", dlg).hidden = !perlu; fc.elements.reason.value = draf.d[`alasan:${n}`]?.v || alasan?.dataset.alasan || "";
  teks.value = draf.d[`contoh:${n}`]?.v ?? contoh(id, kode(k)); fc.elements.feedback.value = ""; $("[data-pesan]", dlg).textContent = "";
  const daftar = $("[data-pilih]", dlg); daftar.replaceChildren();
  for (const u of panel ? $$("[data-umpan]", panel) : []) { const b = D.createElement("button"); b.type = "button"; b.className = "btn dua kecil"; b.textContent = $("[data-isi]", u).textContent; b.onclick = () => { fc.elements.feedback.value = u.dataset.umpan; teks.value = $("[data-isi]", u).dataset.isi || b.textContent; kirimContoh(); }; const li = D.createElement("li"); li.append(b); daftar.append(li); }
  $("[data-ada-umpan]", dlg).hidden = !daftar.children.length;
  dlg.showModal(); teks.focus();
}
const contoh = (id, c) => $(`[data-contoh-teks="${c}"]`, $(`[data-bukti="${id}"]`) || D)?.textContent || "";
async function kirimContoh() {
  const { id, k } = pecah(asal), pesan = $("[data-pesan]", dlg), isi = new FormData(fc); isi.set("aspect", kode(k)); const b = baris(id); isi.set("csrfmiddlewaretoken", K.csrf());
  pesan.textContent = K.kata.proses;
  while (simpan.jalan) await new Promise(selesai => setTimeout(selesai, 50)); // marks first, or their revision would be old
  isi.set("revision", b.dataset.rev);
  const r = await fetch(fc.dataset.alamat.replace("/0/", `/${id}/`), { method: "POST", body: isi, headers: { "X-Requested-With": "fetch", Accept: "application/json" } }).catch(() => null);
  if (r?.status === 401) { await K.sesiHabis(); return kirimContoh(); }
  const j = r ? await r.json().catch(() => ({})) : {}, p = $(`[data-bukti="${id}"]`), s = p && $(`[data-saran="${k}"]`, p);
  const tahu = { text: contoh(id, kode(k)), reason: s?.dataset.alasan || "" };
  const ingat = x => { let t = p && $(`[data-contoh-teks="${kode(k)}"]`, p); if (p && !t) { t = D.createElement("span"); t.hidden = true; t.dataset.contohTeks = kode(k); p.append(t); } if (t && "text" in x) t.textContent = x.text; if (s && "reason" in x) s.dataset.alasan = x.reason; };
  /* Saved in between: another field of the person is no quarrel; the same one is shown, and a second press decides. */
  if (r?.status === 409 && j.revision) { b.dataset.rev = j.revision; ingat(j.current); if (Object.keys(j.current).every(n => j.current[n] === tahu[n])) return kirimContoh(); }
  if (!r?.ok) { pesan.textContent = j.detail || K.kata.gagal; return; }
  draf.buang(`contoh:${asal}`); draf.buang(`alasan:${asal}`);
  b.dataset.rev = j.revision; b.dataset.contoh = j.examples.join(" "); ingat(j); saran(j); lukis(asal); hitung(); K.status(f, "ok", K.isi(K.kata.ok, { jam: K.jam() })); dlg.close();
}
if (dlg) {
  fc.addEventListener("submit", e => { if (e.submitter?.value === "batal") return; e.preventDefault(); kirimContoh(); });
  fc.addEventListener("input", e => draf.taruh(`${e.target.name === "reason" ? "alasan" : "contoh"}:${asal}`, e.target.value));
  dlg.addEventListener("close", () => { const e = asal && unsur[asal]; e?.focus?.(); });
}
f.addEventListener("click", e => { const t = e.target.closest("[data-buka-contoh]"); if (t) { e.preventDefault(); bukaContoh(t.dataset.bukaContoh); } });

/* ---- what this device still holds from last time */
let pulih = 0;
for (const [n, v] of Object.entries(draf.isi)) {
  if (!(n in dasar)) continue;
  const awal = draf.d["dasar:" + n]?.v ?? "";
  if (v === dasar[n]) { draf.buang(n); draf.buang("dasar:" + n); continue; }
  pasang(n, v); pulih++;
  if (dasar[n] === awal) simpan.ubah(n, v); else bentrok.set(n, { n, ada: dasar[n], saya: v });
}
hitung();
if (pulih) K.status(f, "proses", K.kata.dipulihkan);
if (bentrok.size) bukaBentrok();
})();
