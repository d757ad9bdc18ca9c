"""Who gets what answer over REST, each with a token of all the scopes he may have; 401 is a call without a token.

Objects and columns are those of the pages: outside the caller's reach is 404, a report of another role 403.
"""

READING = """
                                                                                    ano peg nil ats dpm klo bkp pim ins lua
open to everybody
GET /api/v1/schema/                                                                 200 200 200 200 200 200 200 200 200 200
GET /api/v1/docs/                                                                   200 200 200 200 200 200 200 200 200 200
GET /api/v1/<rest>                                                nothing           404 404 404 404 404 404 404 404 404 404

lists: everybody asks, each gets his own rows
GET /api/v1/me/                                                                     401 200 200 200 200 200 200 200 200 200
GET /api/v1/units/                                                                  401 200 200 200 200 200 200 200 200 200
GET /api/v1/employees/                                                              401 200 200 200 200 200 200 200 200 200
GET /api/v1/cycles/                                                                 401 200 200 200 200 200 200 200 200 200
GET /api/v1/plans/                                                                  401 200 200 200 200 200 200 200 200 200
GET /api/v1/progress/                                                               401 200 200 200 200 200 200 200 200 200
GET /api/v1/assessments/                                                            401 200 200 200 200 200 200 200 200 200
GET /api/v1/service-cases/                                                          401 200 200 200 200 200 200 200 200 200

one thing
GET /api/v1/units/<int:pk>/                                       unit luar         401 200 200 200 200 200 200 200 200 200
GET /api/v1/employees/<int:pk>/                                   pegawai           401 200 200 200 200 200 200 404 200 404
GET /api/v1/employees/<int:pk>/                                   rekan             401 404 200 200 200 200 200 404 200 404
GET /api/v1/employees/<int:pk>/                                   penilai           401 404 200 200 200 200 200 404 200 404
GET /api/v1/employees/<int:pk>/                                   dpmptsp           401 404 404 404 200 200 200 200 200 404
GET /api/v1/employees/<int:pk>/                                   luar              401 404 404 404 404 404 200 404 200 200
GET /api/v1/cycles/<int:pk>/                                      october           401 200 200 200 200 200 200 200 200 200
GET /api/v1/plans/<int:pk>/                                       plan pegawai      401 200 200 200 200 200 200 404 200 404
GET /api/v1/plans/<int:pk>/                                       plan rekan        401 404 200 200 200 200 200 404 200 404
GET /api/v1/plans/<int:pk>/                                       plan luar         401 404 404 404 404 404 200 404 200 200
GET /api/v1/progress/<int:pk>/                                    entry pegawai     401 200 200 200 200 200 200 404 200 404
GET /api/v1/progress/<int:pk>/                                    entry luar        401 404 404 404 404 404 200 404 200 200
GET /api/v1/assessments/<int:pk>/                                 case pegawai dinilai  401 200 200 200 200 200 200 404 200 404
GET /api/v1/assessments/<int:pk>/                                 case pegawai terbit   401 200 200 200 200 200 200 404 200 404
GET /api/v1/assessments/<int:pk>/                                 case rekan terbit     401 404 200 200 200 200 200 404 200 404
GET /api/v1/assessments/<int:pk>/                                 case penilai draf     401 404 200 200 200 200 200 404 200 404
GET /api/v1/assessments/<int:pk>/                                 case luar terbit      401 404 404 404 404 404 200 404 200 200
GET /api/v1/assessments/<int:pk>/explanation/                     case pegawai dinilai  401 200 200 200 200 200 200 404 200 404
GET /api/v1/assessments/<int:pk>/explanation/                     case pegawai terbit   401 200 200 200 200 200 200 404 200 404
GET /api/v1/assessments/<int:pk>/explanation/                     case luar terbit      401 404 404 404 404 404 200 404 200 200
GET /api/v1/service-cases/<int:pk>/                               permit pegawai    401 200 200 200 200 200 200 200 200 404
GET /api/v1/service-cases/<int:pk>/                               permit rekan      401 404 200 200 200 200 200 200 200 404
GET /api/v1/jobs/<int:pk>/                                        job bkpsdm        401 404 404 404 404 404 200 404 404 404
GET /api/v1/jobs/<int:pk>/                                        job luar          401 404 404 404 404 404 200 404 404 200
GET /api/v1/service-cases/events/                                                   401 405 405 405 405 405 405 405 405 405

reports: heads and offices for what is theirs, the leader for totals of every unit
GET /api/v1/reports/performance-summary/?period=2026-09                             401 403 200 200 200 200 200 200 200 403
GET /api/v1/reports/performance-summary/?period=2026-09&unit=DPMPTSP                401 403 403 403 200 200 200 200 200 403
GET /api/v1/reports/performance-summary/?period=2026-09&unit=DPMPTSP.IZIN           401 403 403 200 200 200 200 200 200 403
GET /api/v1/reports/performance-summary/?period=2026-09&unit=DINKES                 401 403 403 403 403 403 200 200 200 403
GET /api/v1/reports/performance-summary/?period=2026-09&file=csv                    401 403 200 200 200 200 200 200 200 403
GET /api/v1/reports/performance-summary/?period=2026-09&file=xlsx                   401 403 200 200 200 200 200 200 200 403
GET /api/v1/reports/lateness/?period=2026-09                                        401 403 200 200 200 200 200 200 200 403
GET /api/v1/reports/lateness/?period=2026-09&unit=DINKES                            401 403 403 403 403 403 200 200 200 403
GET /api/v1/reports/service-times/?period=2026-09                                   401 403 200 200 200 200 200 200 200 403
GET /api/v1/reports/service-times/?period=2026-09&unit=DINKES                       401 403 403 403 403 403 200 200 200 403
"""

WRITING = """
                                                                                    ano peg nil ats dpm klo bkp pim ins lua
POST /api/v1/progress/                                            rekan             401 404 403 403 403 400 403 404 403 404
POST /api/v1/progress/                                            luar              401 404 404 404 404 404 403 404 403 201
POST /api/v1/service-cases/events/                                                  401 403 403 403 200 200 200 403 403 403
POST /api/v1/service-cases/events/                                source luar       401 403 403 403 404 404 200 403 403 403
"""

#: Before publication marks are for the rater and his superior, afterwards for everybody who sees the result: 1 marks, 0 none.
MARKS = """
                                                                                    ano peg nil ats dpm klo bkp pim ins lua
GET /api/v1/assessments/<int:pk>/                                 case pegawai dinilai  0 0 1 1 0 0 0 0 0 0
GET /api/v1/assessments/<int:pk>/                                 case pegawai terbit   0 1 1 1 1 1 1 0 1 0
GET /api/v1/assessments/<int:pk>/                                 case luar terbit      0 0 0 0 0 0 1 0 1 1
"""

#: Answered to every token, whatever its scopes, or to no token at all.
WITHOUT_SCOPE = {"/api/v1/schema/": 200, "/api/v1/docs/": 200, "/api/v1/me/": 200, "/api/v1/<rest>": 404}
