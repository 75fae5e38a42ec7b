"""Stock is never oversold, and every figure is the sum of what happened."""

from milepost.overview.records.words import Check

OVERSOLD = Check(
    rule="stock is never oversold",
    finds="""
        SELECT i.code, l.code AS location, v.on_hand, v.allocated, v.reserved FROM stock_level v
        JOIN catalog_item i ON i.id = v.item_id JOIN stock_location l ON l.id = v.location_id
        WHERE v.allocated + v.reserved > v.on_hand OR v.allocated < 0 OR v.reserved < 0
    """,
    says="Of item {code} at {location}, {on_hand} lie there but {allocated} are tied to orders and {reserved} kept aside.",
)

ON_HAND = Check(
    rule="stock on hand is the sum of its movements",
    finds="""
        SELECT i.code, l.code AS location, coalesce(v.on_hand, 0) AS on_hand, coalesce(m.moved, 0) AS moved
        FROM stock_level v
        FULL JOIN (SELECT item_id, location_id, sum(quantity) AS moved FROM stock_movement GROUP BY 1, 2) m
            USING (item_id, location_id)
        JOIN catalog_item i ON i.id = item_id JOIN stock_location l ON l.id = location_id
        WHERE coalesce(v.on_hand, 0) <> coalesce(m.moved, 0)
    """,
    says="Of item {code} at {location}, {on_hand} are on the books, but its movements sum up to {moved}.",
)

TIED = Check(
    rule="allocated stock is the sum of open allocations",
    finds="""
        SELECT i.code, l.code AS location, coalesce(v.allocated, 0) AS allocated, coalesce(a.tied, 0) AS tied
        FROM stock_level v
        FULL JOIN (SELECT item_id, location_id, sum(quantity) AS tied FROM stock_allocation WHERE state = 'open' GROUP BY 1, 2) a
            USING (item_id, location_id)
        JOIN catalog_item i ON i.id = item_id JOIN stock_location l ON l.id = location_id
        WHERE coalesce(v.allocated, 0) <> coalesce(a.tied, 0)
    """,
    says="Of item {code} at {location}, {allocated} are booked as allocated, but orders have {tied}.",
)

KEPT = Check(
    rule="stock kept aside is the sum of reservations",
    finds="""
        SELECT i.code, l.code AS location, coalesce(v.reserved, 0) AS reserved, coalesce(r.kept, 0) AS kept
        FROM stock_level v
        FULL JOIN (SELECT item_id, location_id, sum(quantity) AS kept FROM stock_reservation WHERE state = 'held' GROUP BY 1, 2) r
            USING (item_id, location_id)
        JOIN catalog_item i ON i.id = item_id JOIN stock_location l ON l.id = location_id
        WHERE coalesce(v.reserved, 0) <> coalesce(r.kept, 0)
    """,
    says="Of item {code} at {location}, {reserved} are booked as kept aside, but reservations have {kept}.",
)

ACCOUNTED = Check(
    rule="every line is allocated, shipped or backordered",
    finds="""
        SELECT o.id AS order_id, o.reference, n.position, n.quantity, coalesce(a.given, 0) + coalesce(b.short, 0) AS found
        FROM orders_line n JOIN orders_order o ON o.id = n.order_id
        LEFT JOIN (SELECT order_id, position, sum(quantity) AS given FROM stock_allocation WHERE state <> 'released'
            GROUP BY 1, 2) a USING (order_id, position)
        LEFT JOIN (SELECT order_id, position, sum(quantity) AS short FROM stock_backorder WHERE state = 'open'
            GROUP BY 1, 2) b USING (order_id, position)
        WHERE o.state <> 'cancelled' AND NOT n.cancelled AND n.quantity <> coalesce(a.given, 0) + coalesce(b.short, 0)
    """,
    says="Line {position} of order {reference} asks for {quantity}, but {found} are allocated, shipped or backordered.",
)

LEFT = Check(
    rule="what was shipped has left the stock",
    finds="""
        SELECT order_id, o.reference, coalesce(a.shipped, 0) AS shipped, coalesce(m.moved, 0) AS moved
        FROM (SELECT order_id, sum(quantity) AS shipped FROM stock_allocation WHERE state = 'shipped' GROUP BY 1) a
        FULL JOIN (SELECT order_id, -sum(quantity) AS moved FROM stock_movement WHERE kind = 'shipment' GROUP BY 1) m
            USING (order_id)
        LEFT JOIN orders_order o ON o.id = order_id
        WHERE coalesce(a.shipped, 0) <> coalesce(m.moved, 0)
    """,
    says="Of order {reference}, {shipped} pieces count as shipped, but {moved} have left the stock.",
)

PACKED_ONCE = Check(
    rule="nothing is packed twice",
    finds="""
        SELECT o.id AS order_id, o.reference, n.position, n.quantity, sum(p.quantity) AS packed
        FROM fulfilment_parcel_line p
        JOIN fulfilment_shipment s ON s.id = p.shipment_id AND s.state <> 'cancelled'
        JOIN orders_line n ON n.order_id = p.order_id AND n.position = p.position
        JOIN orders_order o ON o.id = p.order_id
        GROUP BY o.id, o.reference, n.position, n.quantity HAVING sum(p.quantity) > n.quantity
    """,
    says="Line {position} of order {reference} asks for {quantity}, but {packed} were packed.",
)

CHECKS = (OVERSOLD, ON_HAND, TIED, KEPT, ACCOUNTED, LEFT, PACKED_ONCE)
