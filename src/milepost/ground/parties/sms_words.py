"""The words by which people stop text messages, have them again, or ask for help, by language; in small letters, without accents.

English after the words that US carriers and their regulator name (CTIA guidelines; 47 CFR 64.1200(a)(10)); the others are
like them.
"""

from collections.abc import Mapping


def _all(words: Mapping[str, str]) -> frozenset[str]:
    return frozenset(word for of_language in words.values() for word in of_language.split())


STRONG = _all(
    {
        "en": "stop stopall unsubscribe unsub optout revoke",
        "de": "stopp stoppen abmelden abbestellen austragen",
        "fr": "arret arreter desabonner desabonnement desinscrire desinscription",
        "es": "parar alto baja darbaja darmebaja detener",
        "pt": "pare sair descadastrar remover",
        "it": "basta ferma fermare disiscrivi",
        "nl": "afmelden uitschrijven",
        "sv": "stoppa avsluta",
        "pl": "koniec wypisz",
        "ar": "توقف قف ايقاف اوقف وقف الغاءالاشتراك",
    }
)
"""They mean only this, whatever stands beside them of the words below."""

ALONE = _all(
    {
        "en": "cancel end quit remove",
        "de": "ende kundigen kuendigen",
        "fr": "fin terminar annuler",
        "es": "cancelar fin terminar",
        "pt": "cancelar fim encerrar",
        "it": "cancella annulla",
        "ar": "الغاء انهاء",
    }
)
"""They mean it where they are all that is said, politely or not: "cancel my order" is another matter."""

START = _all(
    {
        "en": "start unstop subscribe resume optin",
        "de": "anmelden fortsetzen",
        "fr": "reprendre reabonner sabonner commencer",
        "es": "alta reanudar iniciar",
        "pt": "retomar voltar iniciar",
        "it": "inicia riprendi",
        "ar": "ابدا اشترك بدء استمر",
    }
)
"""A yes is none of them: who says yes answers some question."""

HELP = _all(
    {
        "en": "help info", "de": "hilfe", "fr": "aide", "es": "ayuda", "pt": "ajuda", "it": "aiuto", "nl": "hulp", "sv": "hjalp",
        "pl": "pomoc", "ar": "مساعدة معلومات",
    }
)  # fmt: skip

PLEASE = _all({"en": "please pls", "de": "bitte", "fr": "svp", "es": "por favor", "ar": "من فضلك"})

BESIDE = PLEASE | _all(
    {
        "en": "all it this now me my text texts texting sms message messages messaging sending to the these thanks thank you",
        "de": "alle diese nachrichten mir danke sofort jetzt",
        "fr": "tous les ces s il vous te plait stp merci envoi envois",
        "es": "de todo todos los las mensaje mensajes gracias ya",
        "pt": "mensagem mensagens obrigado agora",
        "it": "per favore",
        "ar": "الرسائل رسائل",
    }
)
"""What may stand beside a word without making it another matter."""
