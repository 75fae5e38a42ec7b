"""Addresses of the desk, under /desk/."""

from django.urls import path

from milepost.faces.desk import (
    columns,
    documents,
    duties,
    entry,
    imports,
    letters,
    numbers,
    orders,
    papers,
    questions,
    requests,
    supplies,
)

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
    path("orders/import/<uuid:file_id>/columns/", columns.of_file, name="import_columns"),
    path("orders/import/<uuid:file_id>/numbers/", numbers.of_file, name="import_numbers"),
    path("documents/<uuid:document_id>/numbers/", numbers.of_document, name="document_numbers"),
    path("documents/", documents.arrived, name="documents"),
    path("documents/<uuid:document_id>/", documents.one, name="document"),
    path("documents/<uuid:document_id>/columns/", columns.of_document, name="document_columns"),
    path("documents/<uuid:document_id>/original/", documents.original, name="document_original"),
    path("documents/<uuid:document_id>/answers/<uuid:answer_id>/", documents.answer, name="document_answer"),
    path("orders/new/", entry.new, name="entry"),
    path("orders/new/reckoning/", entry.reckoning, name="entry_reckoning"),
    path("orders/new/customers/", entry.customers, name="entry_customers"),
    path("orders/new/items/", entry.items, name="entry_items"),
    path("orders/<str:reference>/", orders.order, name="order"),
    path("orders/<str:reference>/questions/", questions.answers, name="questions"),
    path("orders/<str:reference>/questions/message/", questions.ask, name="ask"),
    path("orders/<str:reference>/<slug:verb>/", orders.act_on, name="act_on"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/<uuid:request_id>/", requests.one, name="request"),
    path("stock/incoming/", supplies.incoming, name="incoming"),
    path("stock/incoming/<uuid:supply_id>/correction/", supplies.correct, name="correct_supply"),
    path("stock/incoming/<uuid:supply_id>/arrival/", supplies.arrive, name="arrive_supply"),
    path("shipments/<int:shipment_id>/delivery-note.pdf", papers.delivery_note, name="delivery_note"),
]
