"""Addresses of the desk, under /desk/."""

from django.urls import path

from milepost.faces.desk import duties, imports, letters, orders, papers

app_name = "desk"
urlpatterns = [
    path("", duties.my_desk, name="my_desk"),
    path("duties/<uuid:duty_id>/taking/", duties.take, name="take"),
    path("duties/<uuid:duty_id>/snooze/", duties.snooze, name="snooze"),
    path("duties/<uuid:duty_id>/closing/", duties.close, name="close"),
    path("messages/<uuid:notice_id>/marking/", letters.mark_as_sent, name="mark_as_sent"),
    path("messages/<uuid:notice_id>/sending/", letters.send_again, name="send_again"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/import/", imports.new, name="import_new"),
    path("orders/import/<uuid:file_id>/", imports.one, name="import"),
    path("orders/<str:reference>/", orders.order, name="order"),
    path("orders/<str:reference>/<slug:verb>/", orders.act_on, name="act_on"),
    path("shipments/<int:shipment_id>/delivery-note.pdf", papers.delivery_note, name="delivery_note"),
]
