"""What a Vietnamese syllable can look like: onset, rhyme and tone.

Serves to weigh readings of old encodings against each other. It is no spelling check: names and loan words break
these rules rightfully.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["is_syllable"]

_ONSETS: Final = "ngh|ng|gh|gi|kh|nh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]"
_RHYMES: Final = """
a ai am an ang anh ao ap at ac ach au ay ăm ăn ăng ăp ăt ăc âm ân âng âp ât âc âu ây
e em en eng eo ep et ec ê êm ên ênh êp êt êch êu
i im in inh ip it ich iu ia iêm iên iêng iêp iêt iêc iêu
o oi om on ong op ot oc ooc oa oai oan oang oanh oam oap oat oac oach oao oay oăm oăn oăng oăt oăc oe oen oeo oet
ô ôi ôm ôn ông ôp ôt ôc ơ ơi ơm ơn ơp ơt
u ui um un ung up ut uc ua uôi uôm uôn uông uôt uôc uân uâng uât uây uê uênh uêch uơ uy uya uyên uyêt uynh uych uyt uyp
uyu
ư ưi ưu ưm ưng ưt ưc ưa ươi ươm ươn ương ươp ươt ươc ươu
y ya yêm yên yêng yêt yêu
""".split()
_SHAPE: Final = re.compile(f"(?:{_ONSETS})?(?P<rhyme>{'|'.join(sorted(set(_RHYMES), key=len, reverse=True))})")
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOPPED: Final = ("p", "t", "c", "ch")
_HIGH_TONES: Final = ("\u0301", "\u0323")


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether ``word`` (any case) has the shape of one Vietnamese syllable with at most one tone.

    A rhyme that ends in p, t, c or ch carries sắc or nặng.
    """
    decomposed = unicodedata.normalize("NFD", word.casefold())
    tones = [c for c in decomposed if c in _TONES]
    if len(tones) > 1:
        return False
    letters = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    match = _SHAPE.fullmatch(letters)
    if match is None:
        return False
    return not match["rhyme"].endswith(_STOPPED) or (bool(tones) and tones[0] in _HIGH_TONES)
