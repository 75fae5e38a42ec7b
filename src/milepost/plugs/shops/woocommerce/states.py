"""The parts of countries that WooCommerce codes in its own way, by name. The others are coded by ISO 3166-2 or postal custom."""

_CHINA = (
    "Yunnan", "Beijing", "Tianjin", "Hebei", "Shanxi", "Inner Mongolia", "Liaoning", "Jilin", "Heilongjiang", "Shanghai",
    "Jiangsu", "Zhejiang", "Anhui", "Fujian", "Jiangxi", "Shandong", "Henan", "Hubei", "Hunan", "Guangdong", "Guangxi",
    "Hainan", "Chongqing", "Sichuan", "Guizhou", "Shaanxi", "Gansu", "Qinghai", "Ningxia", "Macao", "Tibet", "Xinjiang",
)  # fmt: skip

OWN: dict[str, dict[str, str]] = {
    "CN": {f"CN{number}": name for number, name in enumerate(_CHINA, start=1)},
    "IN": {"CT": "Chhattisgarh", "TS": "Telangana", "UK": "Uttarakhand", "OR": "Odisha", "PY": "Puducherry"},
    "MX": {
        "DF": "Ciudad de México", "JA": "Jalisco", "NL": "Nuevo León", "AG": "Aguascalientes", "BC": "Baja California",
        "BS": "Baja California Sur", "CM": "Campeche", "CS": "Chiapas", "CH": "Chihuahua", "CO": "Coahuila", "CL": "Colima",
        "DG": "Durango", "GT": "Guanajuato", "GR": "Guerrero", "HG": "Hidalgo", "MX": "Estado de México", "MI": "Michoacán",
        "MO": "Morelos", "NA": "Nayarit", "OA": "Oaxaca", "PU": "Puebla", "QT": "Querétaro", "QR": "Quintana Roo",
        "SL": "San Luis Potosí", "SI": "Sinaloa", "SO": "Sonora", "TB": "Tabasco", "TM": "Tamaulipas", "TL": "Tlaxcala",
        "VE": "Veracruz", "YU": "Yucatán", "ZA": "Zacatecas",
    },
    "MY": {
        "JHR": "Johor", "KDH": "Kedah", "KTN": "Kelantan", "LBN": "Labuan", "MLK": "Melaka", "NSN": "Negeri Sembilan",
        "PHG": "Pahang", "PNG": "Pulau Pinang", "PRK": "Perak", "PLS": "Perlis", "SBH": "Sabah", "SWK": "Sarawak",
        "SGR": "Selangor", "TRG": "Terengganu", "PJY": "Putrajaya", "KUL": "Kuala Lumpur",
    },
}  # fmt: skip


def state_name(country: str, code: str) -> str:
    """The name behind one of the shop's own codes; the code itself where it is nobody's but ISO's."""
    return OWN.get(country, {}).get(code.upper(), code)
