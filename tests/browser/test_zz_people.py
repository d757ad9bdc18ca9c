from django.urls import reverse
from tests.browser.conftest import Visitor
from tests.people import City
def test_shots(city: City, visitor: Visitor, axe) -> None:
    context = visitor.context("bkpsdm")
    found=[]
    for name, path in {"list": "/admin/employees/employee/", "change": reverse("admin:employees_employee_change", args=[city.people["luar"].pk]), "impor": "/admin/employees/employee/impor/",
        "tempatkan": "/admin/employees/posting/tempatkan/", "gabung": "/admin/employees/orgunit/gabung/", "postings": "/admin/employees/posting/", "unit": reverse("admin:employees_orgunit_change", args=[city.units["DINKES"].pk]), "history": reverse("admin:employees_employee_history", args=[city.people["luar"].pk]), "event": "/admin/common/event/", "index": "/admin/", "roles": "/admin/employees/roleassignment/beri/"}.items():
        page = visitor.page(context, path)
        page.wait_for_timeout(300)
        if name == "tempatkan":
            page.locator("#id_employee + .select2").click()
            page.wait_for_timeout(800)
        page.screenshot(path=f"/tmp/team/people/shots/{name}.png", full_page=True)
        page.close()
    c2 = visitor.context("bkpsdm", bypass_csp=True)
    for path in ("/admin/employees/employee/impor/","/admin/employees/posting/tempatkan/","/admin/employees/orgunit/gabung/", reverse("admin:employees_employee_history", args=[city.people["luar"].pk])):
        page = visitor.page(c2, path); found += [f"{path} {v}" for v in axe(page)]; page.close()
    print(found); print(visitor.problems)
