/* What every page may use, all of it comfort: pages work without it.
   Kinerja.csrf()                      the token, fresh after a new sign-in
   Kinerja.kata                        the sentences in the page's language; Kinerja.isi(kata, {jam}) fills the places
   Kinerja.jam(date)                   14.30
   Kinerja.status(form, keadaan, teks) writes [data-status] of a form: proses | ok | gagal | luring
   Kinerja.Draf(form)                  unsent fields of a form[data-draf], kept on this device for 72 hours
   Kinerja.Simpan(form, {alamat, badan}) autosave: 600 ms after the last change, one request in flight, waiting fields merged
   Kinerja.sesiHabis()                 dialog to sign in again; resolves when the same person is back */
(() => {
"use strict";
const D = document, HARI3 = 72 * 3600e3;
const $ = (s, r = D) => r.querySelector(s), $$ = (s, r = D) => [...r.querySelectorAll(s)];
const kata = JSON.parse($("#kata")?.textContent || "{}");
const isi = (teks, nilai) => teks.replace(/\{(\w+)\}/g, (utuh, n) => nilai[n] ?? utuh);
const id = D.documentElement.lang === "id";
const jam = (d = new Date()) => new Intl.DateTimeFormat(id ? "id-ID" : "en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" }).format(d);
const csrf = () => (D.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
const status = (f, s, teks) => { const e = $("[data-status]", f); if (e) { e.dataset.s = s; e.textContent = teks; } };

/* Storage may be missing or forbidden; then nothing is kept and nothing breaks. */
const gudang = {
  tutup: false,
  baca(k) { try { return JSON.parse(localStorage.getItem(k)) || {}; } catch { return {}; } },
  tulis(k, v) { if (this.tutup) return; try { Object.keys(v).length ? localStorage.setItem(k, JSON.stringify(v)) : localStorage.removeItem(k); } catch { /* full or forbidden */ } },
  kosongkan(awalan) { try { Object.keys(localStorage).filter(k => k.startsWith(awalan)).forEach(k => localStorage.removeItem(k)); } catch { /* forbidden */ } },
};
const pengguna = D.body.dataset.pengguna, bersama = "bersama" in D.body.dataset;
if (bersama) gudang.kosongkan("draf:");

class Draf {
  constructor(f) { this.kunci = `draf:${pengguna}:${f.dataset.draf}`; this.d = bersama ? {} : gudang.baca(this.kunci); const kini = Date.now(); for (const n in this.d) if (kini - this.d[n].t > HARI3) delete this.d[n]; }
  taruh(n, v) { this.d[n] = { v, t: Date.now() }; this.nanti(); }
  buang(n, v) { if (this.d[n] && (v === undefined || this.d[n].v === v)) { delete this.d[n]; this.nanti(); } }
  kosongkan() { this.d = {}; this.tulis(); }
  nanti() { this.jadwal ||= setTimeout(() => this.tulis(), 120); }
  tulis() { clearTimeout(this.jadwal); this.jadwal = 0; if (!bersama) gudang.tulis(this.kunci, this.d); }
  get isi() { return Object.fromEntries(Object.entries(this.d).map(([n, x]) => [n, x.v])); }
}

/* One request in flight; fields that wait are merged. `badan(isian)` makes the body; `diterima(jawaban, isian)`,
   `bentrok(jawaban, isian)` and `ditolak(jawaban, isian)` are told what became of it. A lost connection retries by itself. */
class Simpan {
  constructor(f, o) { Object.assign(this, { f, tunggu: {}, jalan: false, mundur: 0 }, o); this.draf = o.draf || new Draf(f);
    addEventListener("online", () => this.kirim()); addEventListener("offline", () => status(f, "luring", kata.luring));
    addEventListener("pagehide", () => this.draf.tulis()); D.addEventListener("visibilitychange", () => { if (D.hidden) this.draf.tulis(); else this.kirim(); }); }
  ubah(n, v) { this.tunggu[n] = v; this.draf.taruh(n, v); clearTimeout(this.t); this.t = setTimeout(() => this.kirim(), 600); }
  async kirim() {
    if (this.jalan || !Object.keys(this.tunggu).length) return;
    this.jalan = true; clearTimeout(this.t); const kini = this.tunggu; this.tunggu = {}; status(this.f, "proses", kata.proses);
    const kembalikan = () => { this.tunggu = { ...kini, ...this.tunggu }; };
    try {
      const r = await fetch(this.alamat, { method: this.cara || "PATCH", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json" }, body: JSON.stringify(this.badan(kini)) });
      const j = await r.json().catch(() => ({}));
      if (r.status === 401) { kembalikan(); this.jalan = false; await sesiHabis(); return this.kirim(); }
      if (r.status >= 500) throw new Error(r.status);
      for (const n in kini) this.draf.buang(n, kini[n]);
      this.mundur = 0;
      if (r.ok) { status(this.f, "ok", isi(kata.ok, { jam: jam() })); this.diterima?.(j, kini); }
      else if (r.status === 409 && this.bentrok) { status(this.f, "gagal", j.detail || kata.gagal); this.bentrok(j, kini); }
      else { status(this.f, "gagal", j.detail || kata.gagal); this.ditolak?.(j, kini); }
    } catch {
      kembalikan(); status(this.f, navigator.onLine ? "gagal" : "luring", navigator.onLine ? kata.gagal : kata.luring);
      this.mundur = Math.min(30e3, (this.mundur || 1e3) * 2); this.t = setTimeout(() => this.kirim(), this.mundur);
      this.jalan = false; return;
    }
    this.jalan = false; if (Object.keys(this.tunggu).length) this.kirim();
  }
}

/* The session ended: the same person signs in again without leaving the page. */
let menunggu = null;
function sesiHabis() {
  if (menunggu) return menunggu;
  const d = $("#sesi"), f = $("#sesi-formulir"), tombol = $("#sesi-masuk");
  if (!d) { location.assign("/masuk/"); return new Promise(() => {}); }
  f.hidden = true; tombol.hidden = false; d.showModal(); tombol.focus();
  menunggu = new Promise(selesai => {
    tombol.onclick = () => { tombol.hidden = true; f.hidden = false; $("#sesi-kata").focus(); };
    f.onsubmit = async e => { e.preventDefault();
      const badan = new FormData(f); badan.set("csrfmiddlewaretoken", csrf());
      const r = await fetch("/masuk/", { method: "POST", body: badan, headers: { "X-Requested-With": "fetch", Accept: "application/json" } }).catch(() => null);
      const j = r ? await r.json().catch(() => ({})) : {};
      $("#sesi-kata").value = "";
      if (!r || !r.ok) { $("#sesi-pesan").textContent = j.detail || (r ? kata.masuk_gagal : kata.gagal); $("#sesi-kata").focus(); return; }
      if (String(j.pengguna) !== pengguna) { $("#sesi-pesan").textContent = kata.orang_lain; location.reload(); return; }
      pasangJam(j.berakhir); d.close(); menunggu = null; selesai(); };
  });
  return menunggu;
}

/* Two minutes before the end: one press goes on. */
let jadwalSesi = 0;
function pasangJam(berakhir) {
  clearTimeout(jadwalSesi); const t = $("#sesi-peringatan"); if (!berakhir || !t) return; t.hidden = true;
  const sisa = berakhir * 1e3 - Date.now() - 120e3;
  if (sisa < 2 ** 31) jadwalSesi = setTimeout(() => {
    t.textContent = isi(kata.sesi, { menit: 2 }) + " ";
    const b = D.createElement("button"); b.className = "btn kecil"; b.type = "button"; b.textContent = kata.lanjut; t.append(b); t.hidden = false;
    b.onclick = async () => { const r = await fetch("/sesi/", { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json" } }).catch(() => null); if (r?.ok) pasangJam((await r.json()).berakhir); else if (r?.status === 401) sesiHabis(); };
  }, Math.max(0, sisa));
}
pasangJam(+D.body.dataset.berakhir || 0);
$$("form[data-keluar]").forEach(f => f.addEventListener("submit", () => { gudang.kosongkan("draf:"); gudang.tutup = true; }));

/* Plain forms that keep a draft: restored on return, dropped when the next page says that the server has taken them.
   The key of the sending stays with the draft: who sends again because no answer came, is stored once. */
$$("[data-draf-selesai]").forEach(e => gudang.tulis(`draf:${pengguna}:${e.dataset.drafSelesai}`, {}));
$$("form[data-draf]:not([data-sendiri])").forEach(f => {
  const draf = new Draf(f), lewat = e => !e.name || e.type === "file" || e.type === "hidden" || e.type === "password", kunci = f.elements.kunci;
  let pulih = 0;
  if (!f.querySelector("[aria-invalid=true]")) for (const [n, v] of Object.entries(draf.isi)) { const e = f.elements[n]; if (e && "value" in e && e.value !== v) { e.value = v; if (e !== kunci) pulih++; } }
  if (pulih) status(f, "ok", kata.dipulihkan);
  f.addEventListener("input", e => { if (!lewat(e.target)) { draf.taruh(e.target.name, e.target.value); if (kunci) draf.taruh("kunci", kunci.value); } });
  addEventListener("pagehide", () => draf.tulis());
  jaga(f, draf);
});
/* Before such a form leaves the page: is there a connection, is the session alive? Photos and words would be lost on the way. */
function jaga(f, draf) {
  let menanti = false;
  addEventListener("pageshow", () => { delete f.dataset.siap; menanti = false; });
  f.addEventListener("submit", async e => {
    if ("siap" in f.dataset) return;
    e.preventDefault(); if (menanti) return;
    menanti = true; draf.tulis(); status(f, "proses", kata.proses);
    await Promise.all($$("input[type=file]", f).map(x => x.siap));
    const tanya = () => fetch("/sesi/", { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json" } }).catch(() => null);
    let r = await tanya();
    while (!r) {
      status(f, navigator.onLine ? "gagal" : "luring", navigator.onLine ? kata.gagal : kata.luring);
      await new Promise(lagi => { const t = setTimeout(lagi, 15e3); addEventListener("online", () => { clearTimeout(t); lagi(); }, { once: true }); });
      r = await tanya();
    }
    if (r.status === 401) await sesiHabis();
    const sandi = f.elements.csrfmiddlewaretoken; if (sandi) sandi.value = csrf();
    f.dataset.siap = ""; f.requestSubmit(e.submitter);
  });
}
/* Echo of a number while it is typed: 86,5 and 1.464,5 as people here write them. */
function bacaAngka(t) {
  t = t.trim(); if (!t) return null;
  if (id ? /^\d{1,3}(\.\d{3})+(,\d+)?$/.test(t) : /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(t)) t = id ? t.replaceAll(".", "") : t.replaceAll(",", "");
  t = t.replace(",", "."); return /^\d+(\.\d+)?$/.test(t) ? +t : NaN;
}
$$("input[data-terbaca]").forEach(e => {
  const o = D.getElementById(e.dataset.terbaca), format = new Intl.NumberFormat(id ? "id-ID" : "en-GB", { maximumFractionDigits: 4 });
  const tulis = () => { const v = bacaAngka(e.value); o.dataset.s = Number.isNaN(v) ? "salah" : ""; o.textContent = v === null ? "" : Number.isNaN(v) ? kata.bukan_angka : isi(kata.terbaca, { angka: format.format(v) + (e.dataset.satuan ? " " + e.dataset.satuan : "") }); };
  e.addEventListener("input", tulis); tulis();
});

/* Photos are made smaller before they travel: JPEG of at most 1,600 px and 300 kB. Where the browser cannot, the file goes as it is. */
async function kecilkan(berkas) {
  if (!/^image\/(jpeg|png|webp)$/.test(berkas.type) || berkas.size < 300e3 || !self.createImageBitmap) return berkas;
  const g = await createImageBitmap(berkas).catch(() => null); if (!g) return berkas;
  for (const [sisi, mutu] of [[1600, .82], [1600, .6], [1200, .6], [900, .5]]) {
    const s = Math.min(1, sisi / Math.max(g.width, g.height)), k = D.createElement("canvas"); k.width = Math.round(g.width * s); k.height = Math.round(g.height * s);
    const c = k.getContext("2d"); c.imageSmoothingQuality = "high"; c.fillStyle = "#fff"; c.fillRect(0, 0, k.width, k.height); c.drawImage(g, 0, 0, k.width, k.height);
    const b = await new Promise(r => k.toBlob(r, "image/jpeg", mutu));
    if (b && b.size < berkas.size && (b.size <= 300e3 || sisi === 900)) return new File([b], berkas.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  }
  return berkas;
}
$$("input[type=file][data-kecilkan]").forEach(e => e.addEventListener("change", () => { e.siap = (async () => {
  const o = D.getElementById(e.dataset.kecilkan), asli = [...e.files]; if (!asli.length) { if (o) o.textContent = ""; return; }
  const baru = await Promise.all(asli.map(kecilkan));
  try { const dt = new DataTransfer(); baru.forEach(b => dt.items.add(b)); e.files = dt.files; } catch { /* old browser: originals go */ }
  const mb = n => n < 1048576 ? Math.max(1, Math.round(n / 1024)) + " KB" : (n / 1048576).toFixed(1).replace(".", id ? "," : ".") + " MB";
  if (o) o.textContent = baru.map((b, i) => `${b.name}: ${b.size < asli[i].size ? mb(asli[i].size) + " → " : ""}${mb(b.size)}`).join(" · ");
})(); }));

/* A folded menu closes with Escape, or when attention goes elsewhere. */
$$("details[data-tutup]").forEach(d => {
  d.addEventListener("keydown", e => { if (e.key === "Escape" && d.open) { d.open = false; $("summary", d).focus(); } });
  D.addEventListener("click", e => { if (!d.contains(e.target)) d.open = false; });
  d.addEventListener("focusout", e => { if (e.relatedTarget && !d.contains(e.relatedTarget)) d.open = false; });
});

$("#ringkasan-galat")?.focus();
self.Kinerja = { csrf, kata, isi, jam, status, Draf, Simpan, sesiHabis, bacaAngka };
})();
