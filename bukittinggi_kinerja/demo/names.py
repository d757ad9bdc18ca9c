"""Names for made-up people: given names heard in West Sumatra, and clans (suku) as second names."""

from __future__ import annotations

import random

MEN = (
    "Afdal", "Afrizal", "Ahmad", "Aidil", "Akmal", "Aldi", "Alfian", "Amrizal", "Andri", "Anwar", "Ardi", "Arif", "Asril", "Azmi",
    "Bakhtiar", "Boy", "Budi", "Bustami", "Chairul", "Dafit", "Damsir", "Darwin", "Dedi", "Defri", "Deni", "Doni", "Edi", "Efendi",
    "Eko", "Elvis", "Engki", "Erizal", "Fadhil", "Fahmi", "Fajar", "Faisal", "Fauzan", "Feri", "Firdaus", "Firman", "Gusnadi", "Gusrizal",
    "Hafiz", "Hamdan", "Harmen", "Hasbi", "Hendri", "Heri", "Ihsan", "Ikhlas", "Ilham", "Indra", "Irfan", "Irwan", "Iskandar", "Jasman",
    "Jefri", "Jhoni", "Junaidi", "Kamil", "Khairul", "Lukman", "Mahyudin", "Marlis", "Masrizal", "Mulyadi", "Mursal", "Nasrul", "Nofri",
    "Novrizal", "Nurman", "Oki", "Osman", "Pandi", "Rahmad", "Ramadhan", "Randi", "Refki", "Rian", "Rifki", "Ridwan", "Robi", "Romi",
    "Rusdi", "Sabri", "Safrizal", "Salman", "Sofyan", "Suhatril", "Syafri", "Syahrul", "Syamsul", "Taufik", "Tommy", "Usman", "Wahyu",
    "Wendri", "Yanuar", "Yasir", "Yogi", "Yondri", "Yulius", "Yusrizal", "Zainal", "Zakir", "Zulfan", "Zulhendri", "Zulkifli",
)  # fmt: skip
WOMEN = (
    "Ade", "Afni", "Ainul", "Aisyah", "Alya", "Anita", "Annisa", "Ariani", "Asmarni", "Atika", "Azizah", "Betti", "Cici", "Citra",
    "Darmawati", "Delvi", "Desi", "Desmawati", "Dewi", "Dian", "Dina", "Elda", "Elfi", "Elmi", "Elvira", "Endang", "Erni", "Eva", "Fadila",
    "Fatimah", "Febri", "Fitri", "Fitria", "Gusmarni", "Gusti", "Hafni", "Hasnah", "Hayati", "Herlina", "Husna", "Ifrah", "Ika", "Indah",
    "Intan", "Irma", "Isra", "Jasmi", "Julia", "Kasmawati", "Khadijah", "Laila", "Lenny", "Lidya", "Lili", "Lusi", "Marlina", "Maya",
    "Meri", "Mila", "Misra", "Mutia", "Nelfi", "Nelwati", "Nila", "Nini", "Novia", "Nurbaiti", "Nurhayati", "Nurul", "Oktavia", "Peni",
    "Puti", "Putri", "Rahma", "Rahmi", "Ranti", "Ratna", "Reni", "Resti", "Rika", "Rina", "Ririn", "Rita", "Rosda", "Roza", "Sari",
    "Sefni", "Silvia", "Siska", "Siti", "Sri", "Suci", "Suryani", "Syafni", "Tati", "Tika", "Upik", "Vera", "Vivi", "Wati", "Weni", "Widya",
    "Winda", "Yanti", "Yeni", "Yulia", "Yusnidar", "Yuni", "Zahra", "Zulfa", "Zulmiati",
)  # fmt: skip
MIDDLE_MEN = (
    "Akbar", "Alamsyah", "Ananda", "Efendi", "Fadli", "Habibi", "Hakim", "Hidayat", "Kurnia", "Maulana", "Mahendra", "Nugraha", "Pratama",
    "Putra", "Rahman", "Rizki", "Saputra", "Sutan", "Syahputra", "Wijaya",
)  # fmt: skip
MIDDLE_WOMEN = (
    "Amelia", "Andriani", "Anggraini", "Fauziah", "Fitriani", "Handayani", "Hidayati", "Kartika", "Lestari", "Maharani", "Marlinda",
    "Melati", "Novita", "Oktaviani", "Permata", "Puspita", "Rahayu", "Safitri", "Wahyuni", "Yulianti",
)  # fmt: skip
CLANS = (
    "Koto", "Piliang", "Chaniago", "Tanjung", "Guci", "Sikumbang", "Jambak", "Pili", "Malayu", "Bodi", "Panyalai", "Simabur", "Dalimo",
    "Kutianyia", "Payobada", "Salo", "Banuhampu", "Tigolareh", "Mandahiliang", "Selayan",
)  # fmt: skip


def full_name(dice: random.Random, *, woman: bool, degrees: tuple[str, ...]) -> str:
    """Two or three names, and the degree that the post asks for after a comma (``dr.`` before)."""
    parts = [dice.choice(WOMEN if woman else MEN)]
    shape = dice.random()
    if shape < 0.62:
        parts.append(dice.choice(MIDDLE_WOMEN if woman else MIDDLE_MEN))
    if shape > 0.38:
        parts.append(dice.choice(CLANS))
    name = " ".join(parts)
    degree = dice.choice(degrees) if degrees else ""
    if not degree:
        return name
    return f"{degree} {name}" if degree.startswith("dr") else f"{name}, {degree}"
