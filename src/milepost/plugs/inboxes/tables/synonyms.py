"""What people write above their columns, without accents and in small letters. SURE means nothing else in an order; MAYBE is
proposed to a person, who says once what their sender means by it."""

SURE: dict[str, tuple[str, ...]] = {
    "order": (
        "order_number", "order_no", "order_num", "order#", "bestellnummer", "bestellnr", "bestell_nr",
        "auftragsnummer", "auftragsnr", "auftrags_nr", "numero_de_commande", "no_de_commande", "n_de_commande",
        "no_commande", "numero_commande", "numero_de_pedido", "n_pedido", "no_pedido", "numero_pedido",
        "numero_ordine", "n_ordine", "nr_ordine", "numero_d_ordine", "ordernummer", "ordernr", "bestelnummer",
        "numer_zamowienia", "nr_zamowienia", "numero_do_pedido", "n_do_pedido", "ordrenummer", "tilausnumero",
        "bestillingsnummer", "cislo_objednavky",
    ),
    "item": (
        "item_number", "item_no", "item_code", "item_id", "sku", "product_code", "article_number", "article_no",
        "article_code", "artikelnummer", "artikelnr", "artikel_nr", "artikel_nummer", "art_nr", "artnr",
        "reference_article", "ref_article", "code_article", "code_produit", "reference_produit", "codigo_de_articulo",
        "codigo_articulo", "codigo_producto", "codigo_del_producto", "referencia_articulo", "codice_articolo",
        "cod_articolo", "codice_prodotto", "artikelkode", "artikelcode", "kod_produktu", "indeks", "kod_towaru",
        "codigo_do_produto", "codigo_produto", "codigo_do_artigo", "varenummer", "varenr", "tuotekoodi",
        "tuotenumero", "kod_zbozi",
    ),
    "quantity": (
        "qty_ordered", "ordered_qty", "order_qty", "quantity_ordered", "ordered_quantity", "menge", "bestellmenge",
        "anzahl", "stuckzahl", "quantite", "qte", "quantite_commandee", "cantidad", "cant", "cantidad_pedida",
        "quantita", "qta", "aantal", "hoeveelheid", "ilosc", "quantidade", "qtd", "qtde", "antal", "kvantitet",
        "antall", "maara", "mnozstvi", "pocet",
    ),
    "price": (
        "unit_price", "price_per_unit", "net_unit_price", "einzelpreis", "stuckpreis", "preis_pro_stuck",
        "einzelpreis_netto", "prix_unitaire", "pu", "prix_unitaire_ht", "pu_ht", "precio_unitario", "prezzo_unitario",
        "eenheidsprijs", "stukprijs", "cena_jednostkowa", "cena_jedn", "preco_unitario", "styckpris", "a_pris",
        "stykpris", "enhetspris", "yksikkohinta", "jednotkova_cena",
    ),
    "unit": (
        "uom", "unit_of_measure", "einheit", "mengeneinheit", "me", "unite", "unite_de_mesure", "unidad",
        "unidad_de_medida", "unita_di_misura", "um", "eenheid", "jednostka", "jm", "j_m", "unidade", "enhet", "enhed",
        "yksikko",
    ),
    "line_instructions": ("positionstext", "zeilentext", "line_comment", "line_remark"),
    "customer_ref": (
        "customer_number", "customer_no", "customer_id", "customer_code", "kundennummer", "kundennr", "kunden_nr",
        "numero_client", "no_client", "code_client", "numero_de_cliente", "codigo_cliente", "codice_cliente",
        "numero_cliente", "klantnummer", "numer_klienta", "codigo_do_cliente", "kundnummer", "kundenummer",
        "asiakasnumero",
    ),
    "customer_name": (
        "customer_name", "kundenname", "nom_du_client", "nom_client", "nombre_del_cliente", "nome_cliente",
        "klantnaam",
    ),
    "customer_email": (
        "e_mail_address", "email_address", "e_mail", "mail", "emailadresse", "e_mail_adresse", "adresse_e_mail",
        "courriel", "correo_electronico", "correo", "indirizzo_e_mail", "e_mailadres", "adres_e_mail", "e_postadress",
        "e_post", "sahkoposti",
    ),
    "customer_phone": (
        "phone_number", "telephone", "telephone_number", "tel", "telefon", "telefonnummer", "numero_de_telephone",
        "telefono", "telefoon", "telefoonnummer", "telefone", "numer_telefonu", "puhelin",
    ),
    "ship_to_name": (
        "recipient", "recipient_name", "ship_to_name", "delivery_name", "empfanger", "lieferempfanger",
        "destinataire", "destinatario", "ontvanger", "odbiorca", "mottagare", "modtager", "mottaker", "vastaanottaja",
    ),
    "company": (
        "company_name", "firma", "societe", "entreprise", "raison_sociale", "empresa", "azienda", "bedrijf",
        "foretag",
    ),
    "street": (
        "street_address", "strasse", "lieferstrasse", "strasse_und_hausnummer", "rue", "calle", "straat", "ulica",
        "rua", "gata", "gatuadress", "gade", "katuosoite",
    ),
    "postal_code": (
        "zip", "zip_code", "zipcode", "postcode", "post_code", "postal_code", "plz", "postleitzahl", "code_postal",
        "cp", "codigo_postal", "codice_postale", "kod_pocztowy", "cep", "postnummer", "postinumero", "psc",
    ),
    "city": (
        "town", "ort", "stadt", "ville", "ciudad", "poblacion", "citta", "plaats", "woonplaats", "miasto", "cidade",
        "ort_stadt", "stad", "postort", "kaupunki", "mesto",
    ),
    "region": ("state_province", "bundesland", "provincia", "provincie", "wojewodztwo"),
    "country": (
        "country_code", "land", "landercode", "landkurzel", "pays", "code_pays", "pais", "paese", "nazione", "kraj",
        "maa",
    ),
    "currency": (
        "currency_code", "wahrung", "devise", "moneda", "divisa", "valuta", "waluta", "moeda", "valuutta", "mena",
    ),
    "po_number": ("po", "po_number", "po_no", "po#", "purchase_order", "purchase_order_number", "purchase_order_no"),
    "freight": (
        "shipping_cost", "shipping_costs", "versandkosten", "frachtkosten", "frais_de_port", "gastos_de_envio",
        "spese_di_spedizione", "verzendkosten", "koszt_wysylki", "frete",
    ),
    "service": ("shipping_method", "versandart", "mode_de_livraison", "metodo_de_envio", "verzendwijze"),
}  # fmt: skip

MAYBE: dict[str, tuple[str, ...]] = {
    "order": (
        "order", "po", "auftrag", "bestellung", "commande", "pedido", "ordine", "bestelling", "zamowienie",
        "referenz", "ihre_referenz", "belegnummer", "beleg", "document", "vorgang", "nr", "no", "number", "nummer",
        "reference", "ref", "referencia", "riferimento",
    ),
    "item": (
        "artikel", "article", "articulo", "articolo", "artigo", "produkt", "product", "produit", "producto",
        "prodotto", "code", "codigo", "codice", "kod", "part", "part_number", "part_no", "mpn", "model", "ean",
        "gtin", "upc", "barcode", "material", "materialnummer", "reference", "ref", "referencia", "bestellnummer",
        "vare", "vara", "tuote", "position", "pos", "item_description",
    ),
    "quantity": (
        "amount", "pieces", "pcs", "units", "stuck", "stk", "st", "pieces_commandees", "unidades", "pezzi", "stuks",
        "szt", "pecas", "number", "count", "ordered", "bestellt",
    ),
    "price": (
        "preis", "prix", "precio", "prezzo", "prijs", "cena", "preco", "pris", "hinta", "net", "netto", "netto_preis",
        "rate", "cost", "ep", "vk", "ek",
    ),
    "line_instructions": (
        "bemerkung", "text", "hinweis", "description", "bezeichnung", "beschreibung", "designation", "descripcion",
        "descrizione", "omschrijving", "opis", "descricao", "notiz",
    ),
    "customer_name": (
        "name", "kunde", "besteller", "client", "cliente", "klant", "klient", "buyer", "nom", "nombre", "nome",
        "naam", "kund",
    ),
    "ship_to_name": ("lieferadresse", "delivery_to", "name", "ansprechpartner", "contact"),
    "street": (
        "via", "adresse", "address", "lieferadresse", "direccion", "indirizzo", "adres", "endereco", "adress",
        "anschrift",
    ),
    "postal_code": ("cap",),
    "city": ("place", "location", "standort"),
    "region": ("departement",),
    "promised_on": (
        "date", "datum", "liefertermin", "lieferdatum", "delivery_date", "due", "due_date", "wunschtermin",
        "date_de_livraison", "fecha", "fecha_de_entrega", "data", "data_consegna", "leverdatum", "termin",
        "required_date",
    ),
    "freight": ("versand", "fracht", "porto", "port", "transport", "shipping"),
    "instructions": (
        "bemerkungen", "anmerkung", "kommentar", "remarques", "commentaire", "observaciones", "note_ordine",
        "opmerking", "uwagi", "observacoes", "remark", "remarks", "hinweise",
    ),
    "po_number": (
        "ihre_bestellnummer", "kundenbestellnummer", "kommission", "your_reference", "customer_reference",
        "auftragsreferenz",
    ),
    "payment_amount": (
        "total", "gesamt", "summe", "gesamtbetrag", "betrag", "montant", "importe", "totale", "totaal", "razem",
    ),
}  # fmt: skip
