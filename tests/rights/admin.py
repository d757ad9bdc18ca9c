"""What HR of the city finds in the admin. Whoever else is signed in is refused (403), whoever is not is led to signing in (302).

One line a model: what its list, the page to add, and the pages of one row answer to ``bkpsdm``. Master data is added and
changed, and deleted only where nothing hangs on it (a holiday); people come by import. A life cycle is looked at and not
written. Groups and failed sign-ins belong to the machine room alone.
"""

MODELS = """
model                        list  add  change  history  delete
auth.group                   403   403  403     403      403
axes.accessattempt           403   403  403     403      403
axes.accesslog               403   403  403     403      403
axes.accessfailurelog        403   403  403     403      403
common.closedday             200   200  200     200      200
common.calendaryear          200   200  200     200      403
common.event                 200   403  200     200      403
common.seal                  200   403  200     200      403
common.job                   200   403  200     200      403
common.importbatch           200   403  200     200      403
common.columnmapping         200   403  200     200      403
employees.user               200   403  200     200      403
employees.roleassignment     200   403  200     200      403
employees.accesspolicy       200   403  200     200      403
employees.accesstoken        200   403  200     200      403
employees.grade              200   200  200     200      403
employees.staffgroup         200   200  200     200      403
employees.position           200   200  200     200      403
employees.appraisalregime    200   403  200     200      403
employees.employee           200   403  200     200      403
employees.posting            200   403  200     200      403
employees.actingappointment  200   403  200     200      403
employees.orgunit            200   403  200     200      403
employees.unitsuccession     200   403  200     200      403
employees.retirementage      200   403  200     200      403
employees.movepolicy         200   403  200     200      403
employees.contractterm       200   200  200     200      403
employees.serviceend         200   403  200     200      403
employees.datareport         200   403  200     200      403
employees.leave              200   403  200     200      403
employees.officialtravel     200   403  200     200      403
employees.discipline         200   403  200     200      403
employees.education          200   403  200     200      403
employees.bankaccount        200   403  200     200      403
employees.taxcategory        200   403  200     200      403
employees.jobclass           200   403  200     200      403
employees.allowancebase      200   403  200     200      403
appraisal.appraisalpolicy    200   403  200     200      403
appraisal.cycle              200   403  200     200      403
appraisal.performanceplan    200   403  200     200      403
appraisal.assessment         200   403  200     200      403
appraisal.score              200   403  200     200      403
appraisal.progressentry      200   403  200     200      403
appraisal.feedback           200   403  200     200      403
appraisal.depthpolicy        200   403  200     200      403
appraisal.deadlinepolicy     200   403  200     200      403
appraisal.deadlinechange     200   403  200     200      403
appraisal.importedresult     200   403  200     200      403
appraisal.recomputation      200   403  200     200      403
appraisal.serviceoutage      200   403  200     200      403
appraisal.resultsource       200   403  200     200      403
appraisal.plantemplate       200   403  200     200      403
incentives.eventsource       200   200  200     200      403
incentives.accountalias      200   200  200     200      403
incentives.eventconflict     200   403  200     200      403
incentives.servicetype       200   200  200     200      403
incentives.servicestandard   200   403  200     200      403
incentives.servicecase       200   403  200     200      403
incentives.serviceevent      200   403  200     200      403
"""

#: Pages before a service; the number is that of a row of the model in the address.
TOOLS = """
tool                                                              bkpsdm
/admin/employees/user/akun-baru/                                  200
/admin/employees/user/<int:object_id>/keadaan/                    200
/admin/employees/roleassignment/beri/                             200
/admin/employees/roleassignment/<int:object_id>/akhiri/           200
/admin/employees/accesstoken/<int:object_id>/cabut/               200
/admin/employees/accesspolicy/tetapkan/                           200
/admin/employees/appraisalregime/tetapkan/                        200
/admin/employees/employee/impor/                                  302
/admin/employees/employee/ekspor/                                 302
/admin/employees/jobclass/tetapkan/                               200
/admin/employees/allowancebase/tetapkan/                          200
/admin/employees/posting/tempatkan/                               200
/admin/employees/actingappointment/tunjuk/                        200
/admin/employees/actingappointment/<int:object_id>/cabut/         200
/admin/employees/orgunit/baru/                                    200
/admin/employees/orgunit/gabung/                                  200
/admin/employees/orgunit/<int:object_id>/nama/                    200
/admin/employees/orgunit/<int:object_id>/pindah/                  200
/admin/employees/orgunit/<int:object_id>/pecah/                   200
/admin/employees/serviceend/catat/                                302
/admin/appraisal/appraisalpolicy/<int:object_id>/rancangan/        200
/admin/appraisal/appraisalpolicy/<int:object_id>/penetapan/        200
/admin/appraisal/deadlinepolicy/<int:object_id>/rancangan/         200
/admin/appraisal/depthpolicy/<int:object_id>/rancangan/            200
/admin/appraisal/depthpolicy/<int:object_id>/penetapan/            200
/admin/appraisal/deadlinepolicy/<int:object_id>/penetapan/         200
/admin/employees/movepolicy/<int:object_id>/rancangan/             200
/admin/employees/movepolicy/<int:object_id>/penetapan/             200
/admin/employees/retirementage/<int:object_id>/rancangan/          200
/admin/employees/retirementage/<int:object_id>/penetapan/          200
/admin/incentives/accountalias/<int:alias_id>/akhir/              200
/admin/incentives/eventsource/<int:object_id>/pemilik/            200
/admin/incentives/eventconflict/<int:conflict_id>/putusan/        200
/admin/incentives/servicetype/<int:type_id>/standar/              200
/admin/incentives/serviceevent/<int:event_id>/perbaikan/          200
"""

#: The admin's own pages, for every role; columns as in the other tables.
FRAME = """
                                                                                    ano peg nil ats dpm klo bkp pim ins lua
GET /admin/                                                                         302 403 403 403 403 403 200 403 403 403
GET /admin/login/                                                                   302 403 403 403 403 403 302 403 403 403
GET /admin/logout/                                                                  302 403 403 403 403 403 405 403 403 403
GET /admin/password_change/                                                         302 403 403 403 403 403 302 403 403 403
GET /admin/password_change/done/                                                    302 403 403 403 403 403 200 403 403 403
GET /admin/autocomplete/                                                            302 403 403 403 403 403 403 403 403 403
GET /admin/jsi18n/                                                                  302 403 403 403 403 403 200 403 403 403
GET /admin/employees/employee/cari/                                                 302 403 403 403 403 403 403 403 403 403
GET /admin/r/<path:content_type_id>/<path:object_id>/             shortcut          302 403 403 403 403 403 404 403 403 403
GET /admin/<app_label>/                                           employees         302 403 403 403 403 403 200 403 403 403
GET /admin/<app_label>/                                           auth              302 403 403 403 403 403 404 403 403 403
GET /admin/<url>                                                  nothing           302 403 403 403 403 403 404 403 403 403
"""
