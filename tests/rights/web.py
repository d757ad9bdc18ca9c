"""Who gets what answer from every page. 302 sends to signing in, 403 is a screen of another role, 404 is nobody's business.

An object is named by its owner: ``pegawai`` is one of the twelve whom ``penilai`` rates, ``rekan`` another of them,
``luar`` works at another OPD. ``terbit`` belongs to a closed, published period; ``dinilai`` is rated and not published.
Columns: anonim, pegawai, penilai, atasan, dpmptsp, pengelola, bkpsdm, pimpinan, inspektorat, luar.
"""

READING = """
                                                                                    ano peg nil ats dpm klo bkp pim ins lua
doors without a person
GET /healthz                                                                        200 200 200 200 200 200 200 200 200 200
GET /masuk/                                                                         200 302 302 302 302 302 302 302 302 302
GET /masuk/aktivasi/                                                                200 302 302 302 302 302 302 302 302 302
GET /masuk/kode/                                                                    302 302 302 302 302 302 302 302 302 302
GET /keluar/                                                                        405 405 405 405 405 405 405 405 405 405
GET /sesi/                                                                          405 405 405 405 405 405 405 405 405 405
GET /setelan/                                                                       405 405 405 405 405 405 405 405 405 405
GET /pemberitahuan/                                                                 405 405 405 405 405 405 405 405 405 405

everybody's own
GET /                                                                               302 200 200 200 200 200 200 200 200 200
GET /profil/pengingat/                                                              302 200 200 200 200 200 200 200 200 200
GET /pekerjaan/                                                                     302 200 200 200 200 200 200 200 200 200
GET /pekerjaan/<int:job_id>/                                      closing           302 404 404 404 404 404 200 404 404 404
GET /pekerjaan/<int:job_id>/                                      nobody            302 404 404 404 404 404 404 404 404 404
GET /pekerjaan/<int:job_id>/batal/                                closing           405 405 405 405 405 405 405 405 405 405
GET /profil/                                                                        302 200 200 200 200 200 200 200 200 200
GET /profil/kode/                                                                   302 200 200 200 200 200 200 200 200 200
GET /profil/kode/kotak.svg                                                          302 404 404 404 404 404 404 404 404 404
GET /profil/keluar-semua/                                                           405 405 405 405 405 405 405 405 405 405
GET /profil/token/<int:token_id>/                                 pegawai           405 405 405 405 405 405 405 405 405 405
GET /kinerja/                                                                       302 200 200 200 200 200 200 200 200 200
GET /kinerja/skp/                                                                   302 200 200 200 200 200 200 200 200 200
GET /kinerja/umpan-balik/                                                           302 200 200 200 200 200 200 200 200 200
GET /kinerja/umpan-balik/<int:feedback_id>/tanggapan/             pegawai           302 405 405 405 405 405 405 405 405 405
GET /kinerja/umpan-balik/<int:feedback_id>/dilihat/               pegawai           302 405 405 405 405 405 405 405 405 405
GET /kinerja/umpan-balik/<int:feedback_id>/tarik/                 pegawai           302 405 405 405 405 405 405 405 405 405

a result and what it is made of
GET /kinerja/nilai/<int:assessment_id>/                           pegawai dinilai   302 200 200 200 200 200 200 404 200 404
GET /kinerja/nilai/<int:assessment_id>/                           pegawai terbit    302 200 200 200 200 200 200 404 200 404
GET /kinerja/nilai/<int:assessment_id>/                           rekan terbit      302 404 200 200 200 200 200 404 200 404
GET /kinerja/nilai/<int:assessment_id>/                           penilai draf      302 404 200 200 200 200 200 404 200 404
GET /kinerja/nilai/<int:assessment_id>/                           luar draf         302 404 404 404 404 404 200 404 200 200
GET /kinerja/nilai/<int:assessment_id>/                           luar terbit       302 404 404 404 404 404 200 404 200 200
GET /kinerja/nilai/<int:assessment_id>/                           nobody            302 404 404 404 404 404 404 404 404 404
GET /kinerja/realisasi/<int:indicator_id>/<str:period>/           pegawai           302 200 200 200 200 200 200 404 200 404
GET /kinerja/realisasi/<int:indicator_id>/<str:period>/           rekan             302 404 200 200 200 200 200 404 200 404
GET /kinerja/realisasi/<int:indicator_id>/<str:period>/           luar              302 404 404 404 404 404 200 404 200 200
GET /kinerja/realisasi/catatan/<int:entry_id>/                    pegawai           302 200 200 200 200 200 200 404 200 404
GET /kinerja/realisasi/catatan/<int:entry_id>/                    rekan             302 404 200 200 200 200 200 404 200 404
GET /kinerja/realisasi/catatan/<int:entry_id>/                    luar              302 404 404 404 404 404 200 404 200 200
GET /kinerja/bukti/<int:evidence_id>/                             pegawai           302 200 200 200 200 200 200 404 200 404
GET /kinerja/bukti/<int:evidence_id>/                             pegawai rahasia   302 200 200 200 404 404 404 404 404 404
GET /kinerja/bukti/<int:evidence_id>/                             luar              302 404 404 404 404 404 200 404 200 200

the yearly plan: read by who sees the person, written by the owner and his rater
GET /kinerja/skp/<int:plan_id>/                                   pegawai           302 200 200 200 200 200 200 404 200 404
GET /kinerja/skp/<int:plan_id>/                                   pegawai draf      302 200 200 200 200 200 200 404 200 404
GET /kinerja/skp/<int:plan_id>/                                   rekan             302 404 200 200 200 200 200 404 200 404
GET /kinerja/skp/<int:plan_id>/                                   luar              302 404 404 404 404 404 200 404 200 200
GET /tim/skp/<int:plan_id>/                                       pegawai           302 200 200 200 200 200 200 404 200 404
GET /tim/skp/<int:plan_id>/                                       luar              302 404 404 404 404 404 200 404 200 200
GET /kinerja/skp/<int:plan_id>/rhk/                               pegawai draf      302 200 200 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/                               pegawai           302 409 409 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/                               luar              302 404 404 404 404 404 403 404 403 409
GET /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/               pegawai draf      302 200 200 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/               pegawai           302 409 409 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/               mixed             302 404 404 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/           pegawai draf      302 200 200 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/           mixed             302 404 404 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/<int:indicator_id>/  pegawai draf  302 200 200 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/<int:indicator_id>/  pegawai       302 409 409 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/<int:indicator_id>/  mixed         302 404 404 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/iki/<int:indicator_id>/target/     pegawai draf      302 200 200 403 403 403 403 404 403 404
GET /kinerja/skp/<int:plan_id>/iki/<int:indicator_id>/target/     mixed             302 404 404 403 403 403 403 404 403 404
GET /tim/skp/<int:plan_id>/ekspektasi/                            pegawai draf      302 403 200 403 403 403 403 404 403 404
GET /tim/skp/<int:plan_id>/ekspektasi/                            luar              302 404 404 404 404 404 403 404 403 403
GET /tim/skp/<int:plan_id>/dialog/                                pegawai draf      302 403 200 403 403 403 403 404 403 404
GET /tim/skp/<int:plan_id>/dialog/                                luar              302 404 404 404 404 404 403 404 403 403

January: who prepares plans; the pengelola types from paper, the owner may dispute
GET /skp/siapkan/                                                                   302 403 200 200 200 200 200 403 403 403
GET /skp/templat/                                                                   302 403 200 200 200 200 200 403 403 403
GET /skp/matriks/                                                                   302 403 200 200 200 200 200 403 200 403
GET /skp/matriks/<int:unit_id>/                                   seksi             302 403 200 200 200 200 200 403 200 403
GET /skp/matriks/<int:unit_id>/                                   dinas             302 403 404 404 200 200 200 403 200 403
GET /skp/matriks/<int:unit_id>/?berkas=csv                        dinkes            302 403 404 404 404 404 200 403 200 403
GET /kinerja/formulir/                                                              302 403 403 403 403 200 403 403 403 403
GET /kinerja/formulir/<int:plan_id>/<str:period>/                 pegawai           302 200 403 403 403 200 403 404 403 404
GET /kinerja/formulir/<int:plan_id>/<str:period>/                 luar              302 404 404 404 404 404 403 404 403 200
GET /kinerja/formulir/<int:plan_id>/<str:period>/cetak/           pegawai           302 200 403 403 403 200 403 404 403 404
GET /kinerja/realisasi/catatan/<int:entry_id>/persoalkan/         pegawai kertas    302 200 403 403 403 403 403 404 403 404

the rater's screens
GET /tim/                                                                           302 403 200 200 200 403 403 200 403 403
GET /tim/skp/                                                                       302 403 200 200 200 403 403 200 403 403
GET /tim/periksa/                                                                   302 403 200 200 200 403 403 200 403 403
GET /tim/nilai/                                                                     302 405 405 405 405 405 405 405 405 405
GET /tim/nilai/<int:assessment_id>/                               pegawai dinilai   302 403 200 200 403 403 403 404 403 404
GET /tim/nilai/<int:assessment_id>/                               pegawai terbit    302 403 200 200 403 403 403 404 403 404
GET /tim/nilai/<int:assessment_id>/                               penilai draf      302 404 403 200 200 403 403 404 403 404
GET /tim/nilai/<int:assessment_id>/                               staf2 belum       302 404 200 200 403 403 403 404 403 404
GET /tim/nilai/<int:assessment_id>/                               luar draf         302 404 404 404 404 404 403 404 403 403
GET /tim/nilai/<int:assessment_id>/contoh/                        pegawai dinilai   302 405 405 405 405 405 405 405 405 405
GET /tim/nilai/<int:assessment_id>/dialog/                        pegawai dinilai   302 403 200 200 403 403 403 404 403 404
GET /tim/nilai/<int:assessment_id>/dialog/                        luar draf         302 404 404 404 404 404 403 404 403 403
GET /tim/umpan-balik/<int:employee_id>/                           pegawai           302 404 200 404 404 404 404 404 404 404
GET /tim/umpan-balik/<int:employee_id>/                           rekan             302 200 200 404 404 404 404 404 404 404
GET /tim/umpan-balik/<int:employee_id>/                           penilai           302 200 404 200 404 404 404 404 404 404
GET /tim/umpan-balik/<int:employee_id>/                           luar              302 404 404 404 404 404 404 404 404 404

registers of people: the owner, his rater (days of absence), the pengelola of his OPD, HR, the auditor
GET /pegawai/                                                                       302 403 403 403 403 200 200 403 200 403
GET /pegawai/<int:employee_id>/                                   pegawai           302 200 200 403 403 200 200 404 200 404
GET /pegawai/<int:employee_id>/                                   rekan             302 404 200 403 403 200 200 404 200 404
GET /pegawai/<int:employee_id>/                                   penilai           302 404 200 200 403 200 200 404 200 404
GET /pegawai/<int:employee_id>/                                   luar              302 404 404 404 404 404 200 404 200 200
GET /pegawai/<int:employee_id>/buka/                              pegawai rekening  405 405 405 405 405 405 405 405 405 405
GET /pegawai/<int:employee_id>/<str:register>/baru/               pegawai cuti      302 403 403 403 403 200 200 404 403 404
GET /pegawai/<int:employee_id>/<str:register>/baru/               pegawai rekening  302 403 403 403 403 403 200 404 403 404
GET /pegawai/<int:employee_id>/<str:register>/<int:record_id>/perbaiki/  pegawai cuti  302 403 403 403 403 200 200 404 403 404
GET /pegawai/<int:employee_id>/<str:register>/<int:record_id>/akhiri/  pegawai cuti  302 403 403 403 403 200 200 404 403 404
GET /pegawai/<int:employee_id>/<str:register>/<int:record_id>/batalkan/  pegawai cuti  302 403 403 403 403 200 200 404 403 404
GET /pegawai/<int:employee_id>/<str:register>/<int:record_id>/perbaiki/  pegawai rekening  302 403 403 403 403 403 200 404 403 404

the offices
GET /akun/                                                                          302 403 403 403 403 200 200 403 403 403
GET /akun/daftar/                                                                   302 403 403 403 403 200 200 403 403 403
GET /akun/slip/                                                                     405 405 405 405 405 405 405 405 405 405
GET /akun/permintaan/<int:request_id>/                            pegawai           405 405 405 405 405 405 405 405 405 405
GET /akun/<int:user_id>/                                          pegawai           302 403 403 403 403 200 200 403 403 403
GET /akun/<int:user_id>/                                          luar              302 403 403 403 403 404 200 403 403 403
GET /kendali/                                                                       302 403 403 403 403 200 200 403 200 403
GET /kendali/daftar/                                                                302 403 403 403 403 200 200 403 200 403
GET /kendali/daftar/?berkas=csv                                                     302 403 403 403 403 200 200 403 200 403
GET /kendali/batas/                                                                 302 403 403 403 403 200 200 403 200 403
GET /kendali/batas/?opd=DINKES                                                      302 403 403 403 403 200 200 403 200 403
GET /kendali/batas/<int:change_id>/cabut/                         nobody            405 405 405 405 405 405 405 405 405 405
GET /kendali/gangguan/                                                              302 403 403 403 403 200 200 403 200 403
GET /kendali/cetak/?periode=2026-10                                                 302 403 403 403 403 200 200 403 200 403
GET /kendali/naikkan/                                                               405 405 405 405 405 405 405 405 405 405
GET /kendali/selisih/                                                               302 403 403 403 403 200 200 403 200 403
GET /kendali/selisih/?berkas=csv                                                    302 403 403 403 403 200 200 403 200 403
GET /kendali/ingatkan/                                                              405 405 405 405 405 405 405 405 405 405
GET /impor/                                                                         302 403 403 403 403 200 200 403 403 403
GET /impor/<slug:code>/                                           pegawai           302 403 403 403 403 403 200 403 403 403
GET /impor/<slug:code>/                                           nobody            302 403 403 403 403 404 404 403 403 403
GET /impor/<slug:code>/contoh/                                    pegawai           302 403 403 403 403 403 200 403 403 403
GET /impor/<slug:code>/unduh/                                     pegawai           302 403 403 403 403 403 200 403 403 403
GET /impor/<int:batch_id>/                                        bkpsdm            302 403 403 403 403 404 200 403 403 403
GET /impor/<int:batch_id>/                                        rekan             302 403 403 403 403 404 200 403 403 403
GET /impor/<int:batch_id>/kolom/                                  bkpsdm            302 403 403 403 403 404 200 403 403 403
GET /impor/<int:batch_id>/kolom/                                  rekan             302 403 403 403 403 404 404 403 403 403
GET /impor/<int:batch_id>/galat/                                  bkpsdm            302 403 403 403 403 404 409 403 403 403
GET /impor/<int:batch_id>/galat/                                  rekan             302 403 403 403 403 404 404 403 403 403
GET /impor/<int:batch_id>/terapkan/                               bkpsdm            405 405 405 405 405 405 405 405 405 405
GET /impor/<int:batch_id>/urungkan/                               bkpsdm            405 405 405 405 405 405 405 405 405 405
GET /kendali/susulan/                                                               302 403 403 403 403 403 200 403 200 403
GET /kendali/susulan/?berkas=csv                                                    302 403 403 403 403 403 200 403 200 403
GET /kendali/susulan/aturan/                                                        302 403 403 403 403 403 200 403 200 403
GET /kendali/susulan/aturan/?berkas=csv                                             302 403 403 403 403 403 200 403 200 403
GET /kendali/susulan/usulkan/                                                       405 405 405 405 405 405 405 405 405 405
GET /kendali/susulan/usulan/<int:proposal_id>/                    usulan            302 403 403 403 403 403 200 403 200 403
GET /kendali/susulan/usulan/<int:proposal_id>/setujui/            usulan            405 405 405 405 405 405 405 405 405 405
GET /kendali/susulan/usulan/<int:proposal_id>/tarik/              usulan            405 405 405 405 405 405 405 405 405 405
GET /kendali/susulan/usulan/<int:proposal_id>/pisahkan/           usulan            405 405 405 405 405 405 405 405 405 405
GET /kendali/susulan/usulan/<int:proposal_id>/pulihkan/           usulan            405 405 405 405 405 405 405 405 405 405
GET /izin/                                                                          302 200 200 200 200 200 200 200 200 403
GET /izin/<int:case_id>/                                          pegawai           302 200 200 200 200 200 200 200 200 403
GET /izin/<int:case_id>/                                          rekan             302 404 200 200 200 200 200 200 200 403

moves: what they leave, substitutes, ends of service, reports of wrong data
GET /serah-terima/                                                                  302 403 200 200 200 200 200 200 200 403
GET /serah-terima/atasan/<int:posting_id>/                        penempatan        405 405 405 405 405 405 405 405 405 405
GET /pengganti/                                                                     302 403 200 200 200 200 200 200 403 403
GET /pengganti/untuk/<int:employee_id>/                           penilai           302 403 403 200 200 200 200 404 403 403
GET /pengganti/untuk/<int:employee_id>/                           dpmptsp           302 403 404 404 403 200 200 200 403 403
GET /pengganti/<int:appointment_id>/cabut/                        mandat            405 405 405 405 405 405 405 405 405 405
GET /pengganti/<int:appointment_id>/surat/                        mandat            405 405 405 405 405 405 405 405 405 405
GET /pegawai/<int:employee_id>/akhir/                             pegawai           302 403 403 403 403 403 200 403 403 403
GET /pegawai/<int:employee_id>/akhir/batal/                       berakhir          405 405 405 405 405 405 405 405 405 405
GET /pensiun/                                                                       302 403 403 403 403 200 200 403 200 403
GET /laporan-data/                                                                  302 200 200 200 200 200 200 200 200 200
GET /laporan-data/baru/                                                             302 200 200 200 200 200 200 200 200 200
GET /laporan-data/<int:report_id>/                                laporan           302 200 404 404 404 200 200 404 200 404
GET /laporan-data/<int:report_id>/betul/                          laporan           405 405 405 405 405 405 405 405 405 405
"""

WRITING = """
                                                                                    ano peg nil ats dpm klo bkp pim ins lua
the account
POST /masuk/                                                                        200 200 200 200 200 200 200 200 200 200
POST /keluar/                                                                       302 302 302 302 302 302 302 302 302 302
POST /sesi/                                                                         302 200 200 200 200 200 200 200 200 200
POST /setelan/                                                                      302 302 302 302 302 302 302 302 302 302
POST /pemberitahuan/                                                                302 302 302 302 302 302 302 302 302 302
POST /profil/pengingat/                                                             302 302 302 302 302 302 302 302 302 302
POST /profil/                                                                       302 200 200 200 200 200 200 200 200 200
POST /masuk/aktivasi/                                                               200 200 200 200 200 200 200 200 200 200
POST /masuk/kode/                                                                   302 302 302 302 302 302 302 302 302 302
POST /profil/kode/                                                                  302 200 200 200 200 200 200 200 200 200
POST /profil/keluar-semua/                                                          302 302 302 302 302 302 302 302 302 302
POST /profil/token/<int:token_id>/                                pegawai           302 302 404 404 404 404 404 404 404 404

accounts of others: the pengelola those of his OPD, the city's HR all; special roles by two
POST /akun/daftar/                                                                  302 403 403 403 403 200 200 403 403 403
POST /akun/slip/                                                  pegawai           302 403 403 403 403 200 200 403 403 403
POST /akun/slip/                                                  luar              302 403 403 403 403 404 200 403 403 403
POST /akun/<int:user_id>/                                         pegawai           302 403 403 403 403 200 200 403 403 403
POST /akun/<int:user_id>/                                         luar              302 403 403 403 403 404 200 403 403 403
POST /akun/<int:user_id>/                                         istimewa          302 403 403 403 403 403 403 403 403 403
POST /akun/permintaan/<int:request_id>/                           pegawai           302 403 403 403 403 403 200 403 403 403

progress: the owner; the pengelola of his OPD brings the scan that is missing here
POST /kinerja/realisasi/<int:indicator_id>/<str:period>/          rekan             302 404 403 403 403 400 403 404 403 404
POST /kinerja/realisasi/<int:indicator_id>/<str:period>/          luar              302 404 404 404 404 404 403 404 403 302
POST /kinerja/realisasi/catatan/<int:entry_id>/                   rekan             302 404 403 403 403 302 403 404 403 404
POST /kinerja/realisasi/catatan/<int:entry_id>/                   luar              302 404 404 404 404 404 403 404 403 302

the plan: its owner and its rater, the rater alone decides
POST /kinerja/skp/                                                pegawai           302 409 404 404 404 409 404 404 404 404
POST /kinerja/skp/<int:plan_id>/                                  pegawai draf      302 400 403 403 403 403 403 404 403 404
POST /tim/skp/<int:plan_id>/                                      pegawai draf      302 403 400 403 403 403 403 404 403 404
POST /kinerja/skp/<int:plan_id>/rhk/                              pegawai draf      302 302 302 403 403 403 403 404 403 404
POST /kinerja/skp/<int:plan_id>/rhk/                              luar              302 404 404 404 404 404 403 404 403 409
POST /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/              pegawai draf      302 302 302 403 403 403 403 404 403 404
POST /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/          pegawai draf      302 400 400 403 403 403 403 404 403 404
POST /kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/<int:indicator_id>/  pegawai draf  302 400 400 403 403 403 403 404 403 404
POST /kinerja/skp/<int:plan_id>/iki/<int:indicator_id>/target/    pegawai draf      302 400 400 403 403 403 403 404 403 404
POST /tim/skp/<int:plan_id>/ekspektasi/                           pegawai draf      302 403 302 403 403 403 403 404 403 404
POST /tim/skp/<int:plan_id>/dialog/                               pegawai draf      302 403 302 403 403 403 403 404 403 404

January: in bulk for the unit one prepares; templates likewise; a paper entry is disputed by its owner alone
POST /skp/siapkan/                                                seksi             302 403 302 404 404 404 404 403 403 403
POST /skp/templat/                                                pegawai           302 403 302 302 302 302 302 403 403 403
POST /skp/templat/                                                luar              302 403 404 404 404 404 302 403 403 403
POST /kinerja/realisasi/catatan/<int:entry_id>/persoalkan/        pegawai kertas    302 302 403 403 403 403 403 404 403 404
POST /kendali/selisih/                                                              302 403 403 403 403 403 302 403 403 403

marks: the rater, nobody else, and never after publication
PATCH /tim/nilai/                                                 pegawai dinilai   401 403 200 403 403 403 403 404 403 404
PATCH /tim/nilai/                                                 pegawai terbit    401 403 409 403 403 403 403 404 403 404
PATCH /tim/nilai/                                                 penilai draf      401 404 403 200 403 403 403 404 403 404
PATCH /tim/nilai/                                                 luar draf         401 404 404 404 404 404 403 404 403 403
POST /tim/                                                                          302 403 302 302 302 403 403 302 403 403
POST /tim/periksa/                                                pegawai dinilai   302 403 302 302 302 403 403 302 403 403
POST /tim/nilai/<int:assessment_id>/                              pegawai dinilai   302 403 302 403 403 403 403 404 403 404
POST /tim/nilai/<int:assessment_id>/                              pegawai terbit    302 403 409 403 403 403 403 404 403 404
POST /tim/nilai/<int:assessment_id>/                              staf2 belum       302 404 302 302 403 403 403 404 403 404
POST /tim/nilai/<int:assessment_id>/                              rekan perbaikan   302 404 302 302 403 403 403 404 403 404
POST /tim/nilai/<int:assessment_id>/contoh/                       pegawai dinilai   302 403 200 403 403 403 403 404 403 404
POST /tim/nilai/<int:assessment_id>/contoh/                       luar draf         302 404 404 404 404 404 403 404 403 403
POST /tim/nilai/<int:assessment_id>/dialog/                       pegawai dinilai   302 403 302 302 403 403 403 404 403 404

feedback: who works with the person; he alone answers, its author alone takes it back
POST /tim/umpan-balik/<int:employee_id>/                          pegawai           302 404 302 404 404 404 404 404 404 404
POST /tim/umpan-balik/<int:employee_id>/                          luar              302 404 404 404 404 404 404 404 404 404
POST /kinerja/umpan-balik/<int:feedback_id>/tanggapan/            pegawai           302 302 403 404 404 404 403 404 403 404
POST /kinerja/umpan-balik/<int:feedback_id>/dilihat/              pegawai           302 302 403 404 404 404 403 404 403 404
POST /kinerja/umpan-balik/<int:feedback_id>/tarik/                pegawai           302 403 302 404 404 404 403 404 403 404

reminding: HR, within its reach; the auditor only reads
POST /kendali/batas/                                              october           302 403 403 403 403 403 302 403 403 403
POST /kendali/batas/<int:change_id>/cabut/                        moved             302 403 403 403 403 403 302 403 403 403
POST /kendali/gangguan/                                           october           302 403 403 403 403 403 302 403 403 403
POST /kendali/naikkan/                                            october           302 403 403 403 403 302 302 403 403 403
POST /kendali/ingatkan/                                           october           302 403 403 403 403 302 302 403 403 403

lists: HR of the city, each one his own files
POST /impor/<slug:code>/                                          pegawai           302 403 403 403 403 403 302 403 403 403
POST /impor/<slug:code>/unduh/                                    pegawai           302 403 403 403 403 403 200 403 403 403
POST /impor/<int:batch_id>/kolom/                                 bkpsdm            302 403 403 403 403 404 302 403 403 403
POST /impor/<int:batch_id>/kolom/                                 rekan             302 403 403 403 403 404 404 403 403 403
POST /impor/<int:batch_id>/terapkan/                              bkpsdm            302 403 403 403 403 404 409 403 403 403
POST /impor/<int:batch_id>/terapkan/                              rekan             302 403 403 403 403 404 404 403 403 403
POST /impor/<int:batch_id>/urungkan/                              bkpsdm            302 403 403 403 403 404 409 403 403 403
POST /pekerjaan/<int:job_id>/batal/                               closing           302 404 404 404 404 404 404 404 404 404
POST /impor/<int:batch_id>/urungkan/                              rekan             302 403 403 403 403 404 409 403 403 403
new versions of closed results: one of the city's HR proposes, another approves; the auditor only reads
POST /kendali/susulan/usulkan/                                    october           302 403 403 403 403 403 400 403 403 403
POST /kendali/susulan/usulan/<int:proposal_id>/setujui/           usulan            302 403 403 403 403 403 302 403 403 403
POST /kendali/susulan/usulan/<int:proposal_id>/tarik/             usulan            302 403 403 403 403 403 302 403 403 403
POST /kendali/susulan/usulan/<int:proposal_id>/pisahkan/          usulan            302 403 403 403 403 403 409 403 403 403
POST /kendali/susulan/usulan/<int:proposal_id>/pulihkan/          usulan            302 403 403 403 403 403 409 403 403 403
POST /kendali/susulan/usulan/<int:proposal_id>/pulihkan/          usulan diterapkan  302 403 403 403 403 403 302 403 403 403
POST /kendali/susulan/usulan/<int:proposal_id>/setujui/           usulan diterapkan  302 403 403 403 403 403 409 403 403 403
moves: HR of the city places and ends, superiors and HR appoint, who keeps the records answers
POST /serah-terima/atasan/<int:posting_id>/                       penempatan        302 403 403 403 403 403 302 403 403 403
POST /pengganti/                                                                    302 403 200 200 200 200 200 200 403 403
POST /pengganti/untuk/<int:employee_id>/                          penilai           302 403 403 302 302 302 302 404 403 403
POST /pengganti/<int:appointment_id>/cabut/                       mandat            302 403 404 404 404 404 302 302 403 403
POST /pengganti/<int:appointment_id>/surat/                       mandat            302 403 404 404 404 404 302 302 403 403
POST /pegawai/<int:employee_id>/akhir/                            pegawai           302 403 403 403 403 403 302 403 403 403
POST /pegawai/<int:employee_id>/akhir/batal/                      berakhir          302 403 403 403 403 403 302 403 403 403
POST /pensiun/                                                                      302 403 403 403 403 200 200 403 200 403
POST /laporan-data/baru/                                                            302 302 302 302 302 302 302 302 302 302
POST /laporan-data/<int:report_id>/                               laporan           302 403 404 404 404 302 302 404 403 404
POST /laporan-data/<int:report_id>/betul/                         laporan           302 403 404 404 404 409 409 404 403 404
registers: HR writes, nobody his own; a closed detail opens for a reason where the role may
POST /pegawai/                                                                      302 403 403 403 403 200 200 403 200 403
POST /pegawai/<int:employee_id>/buka/                             pegawai rekening  302 200 403 403 403 403 200 404 200 404
POST /pegawai/<int:employee_id>/buka/                             pegawai cuti      302 200 403 403 403 403 200 404 200 404
POST /pegawai/<int:employee_id>/<str:register>/baru/              pegawai cuti      302 403 403 403 403 302 302 404 403 404
POST /pegawai/<int:employee_id>/<str:register>/<int:record_id>/perbaiki/  pegawai cuti  302 403 403 403 403 302 302 404 403 404
POST /pegawai/<int:employee_id>/<str:register>/<int:record_id>/akhiri/  pegawai cuti  302 403 403 403 403 302 302 404 403 404
POST /pegawai/<int:employee_id>/<str:register>/<int:record_id>/batalkan/  pegawai cuti  302 403 403 403 403 302 302 404 403 404
"""
