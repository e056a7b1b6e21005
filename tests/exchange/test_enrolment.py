"""Keys, certificates, chains, and the three files of an enrolment."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from hoidesk.errors import EnvError, Refusal, UserError
from hoidesk.exchange.packages.canonical import canonical, signed_text, to_base64
from hoidesk.exchange.trust.certificates import (
    CERTIFICATE_DOMAIN,
    Certificate,
    Pin,
    issue_certificate,
    pins_of,
    raised_pins,
    read_certificate,
    verify_chain,
)
from hoidesk.exchange.trust.enrolment import (
    MAX_FILE,
    check_digits,
    check_own_certificate,
    kind_of,
    make_certificate_file,
    make_invitation,
    make_request,
    read_certificate_file,
    read_invitation,
    read_request,
    read_small_file,
)
from hoidesk.exchange.trust.keys import (
    UnitKeys,
    check_receipt_digits,
    contains,
    groups_of_four,
    new_link_secret,
    receipt_digits,
)

from .families import Unit, child, root

NAME = "Phường Ô Chợ Dừa — tổ 12 «Đường Xã Đàn»"


@pytest.fixture(scope="module")
def district() -> Unit:
    return root()


@pytest.fixture(scope="module")
def ward(district: Unit) -> Unit:
    return child(district, "Q5-2")


@pytest.fixture(scope="module")
def cell(ward: Unit) -> Unit:
    return child(ward, "Q5-2-03", "Khu phố 3")


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    assert "{" not in caught.value.text
    return caught.value.code


def forged(certificate: Certificate, signer: UnitKeys, **changes: object) -> Certificate:
    """The certificate with other values, signed by whoever holds ``signer``."""
    line = canonical(json.loads(certificate.text.splitlines()[0]) | changes)
    return read_certificate(signed_text(line, signer.sign(CERTIFICATE_DOMAIN, line)).decode())


def test_a_chain_of_three_tiers_is_proven_up_to_the_enrolled_unit(district: Unit, ward: Unit, cell: Unit) -> None:
    assert verify_chain(cell.chain, cell.pin) == 0
    assert verify_chain(cell.chain, ward.pin) == 1
    assert verify_chain(cell.chain, district.pin) == 2
    assert set(pins_of(cell.chain)) == {"Q5-2-03", "Q5-2", "Q5"}


def test_a_chain_that_ends_nowhere_is_a_stranger(ward: Unit, cell: Unit) -> None:
    assert code_of(lambda: verify_chain(cell.chain, {})) == "package.stranger"
    assert code_of(lambda: verify_chain(cell.chain, root("X1").pin)) == "package.stranger"


def test_a_root_with_the_same_code_and_other_keys_is_refused(district: Unit, ward: Unit) -> None:
    impostor = root("Q5")
    assert code_of(lambda: verify_chain(child(impostor, "Q5-2").chain, district.pin)) == "package.old_keys"


def test_an_enrolled_unit_cannot_widen_its_own_subtree(district: Unit, ward: Unit) -> None:
    """The ward holds its own key, so it could write itself a certificate for the whole district."""
    wide = forged(ward.certificate, ward.keys, subtree="Q5")
    other = child(Unit("Q5-2", ward.keys, (wide, *ward.chain[1:])), "Q5-9")
    assert code_of(lambda: verify_chain(other.chain, ward.pin)) == "package.bad_chain"
    assert code_of(lambda: verify_chain(other.chain, district.pin)) == "package.bad_chain"


def test_nobody_certifies_outside_its_subtree(ward: Unit) -> None:
    keys = UnitKeys.generate()
    for unit in ("Q5-20", "Q5", "Q5-2", "X"):
        with pytest.raises(EnvError) as caught:
            issue_certificate(
                ward.certificate,
                ward.keys,
                unit=unit,
                name="x",
                keys=keys.public,
                scope="up-1",
                serial=1,
                link_secret=new_link_secret(),
            )
        assert caught.value.code == "certificate.subtree"


def test_after_new_keys_the_older_serial_is_refused(district: Unit, ward: Unit) -> None:
    fresh = child(district, "Q5-2", serial=2)
    pins = district.pin | ward.pin
    assert verify_chain(fresh.chain, pins) == 1
    raised = raised_pins(pins, fresh.chain, 1)
    assert raised == {"Q5-2": Pin(fresh.keys.public.sign, "Q5-2", 2)}
    pins |= raised
    assert verify_chain(fresh.chain, pins) == 0
    assert code_of(lambda: verify_chain(ward.chain, pins)) == "package.old_keys"


def test_a_thief_with_the_old_keys_cannot_claim_a_higher_serial(district: Unit, ward: Unit) -> None:
    fresh = child(district, "Q5-2", serial=2)
    claimed = forged(ward.certificate, ward.keys, serial=99)
    chain = (claimed, *ward.chain[1:])
    assert raised_pins(district.pin | ward.pin, chain, verify_chain(chain, district.pin | ward.pin)) == {}
    assert code_of(lambda: verify_chain(chain, district.pin | fresh.pin)) == "package.bad_chain"


def test_fingerprints_depend_on_every_part() -> None:
    one, two = UnitKeys.generate().public, UnitKeys.generate().public
    digits = {
        one.fingerprint("Q5"),
        one.fingerprint("Q5-2"),
        two.fingerprint("Q5"),
        dataclasses.replace(one, age=two.age).fingerprint("Q5"),
    }
    assert len(digits) == 4
    assert all(len(d) == 24 and d.isdigit() for d in digits)
    assert len(groups_of_four(digits.pop()).split()) == 6


def test_subtrees_end_at_a_dash() -> None:
    assert contains("P05-2", "P05-2") and contains("P05-2", "P05-2-03")
    assert not contains("P05-2", "P05-20") and not contains("P05-2-03", "P05-2")


def test_the_paper_receipt_depends_on_number_package_and_mark() -> None:
    secret = new_link_secret()
    digits = receipt_digits(secret, 31, "ab" * 16, 700)
    assert len(digits) == 10
    assert check_receipt_digits(f"{digits[:4]} {digits[4:7]}-{digits[7:]}", secret, 31, "ab" * 16, 700)
    others = [(32, "ab" * 16, 700), (31, "ac" * 16, 700), (31, "ab" * 16, 701)]
    assert not any(check_receipt_digits(digits, secret, *other) for other in others)
    assert not check_receipt_digits(digits, new_link_secret(), 31, "ab" * 16, 700)
    assert not check_receipt_digits("không", secret, 31, "ab" * 16, 700)


def enrolled(district: Unit) -> tuple[bytes, bytes, bytes, UnitKeys]:
    invitation = make_invitation(district.chain, district.keys, unit="Q5-2", name=NAME, scope="up-1")
    keys = UnitKeys.generate()
    request = make_request(read_invitation(invitation).superior, keys, unit="Q5-2", name=NAME)
    asked = read_request(request, district.certificate, district.keys)
    certificate = issue_certificate(
        district.certificate,
        district.keys,
        unit=asked.unit,
        name=asked.name,
        keys=asked.keys,
        scope="up-1",
        serial=1,
        link_secret=b"L" * 32,
    )
    return invitation, request, make_certificate_file([certificate, *district.chain]), keys


def test_three_files_enrol_a_unit(district: Unit) -> None:
    invitation, request, certificate, keys = enrolled(district)
    assert [kind_of(data) for data in (invitation, request, certificate)] == ["invitation", "request", "certificate"]
    assert max(map(len, (invitation, request, certificate))) <= MAX_FILE
    assert NAME.encode() not in request  # sealed to the superior
    asked = read_request(request, district.certificate, district.keys)
    assert (asked.unit, asked.name, asked.keys) == ("Q5-2", NAME, keys.public)
    assert asked.digits == keys.public.fingerprint("Q5-2")
    chain = read_certificate_file(certificate)
    superior = read_invitation(invitation).superior.keys
    assert check_own_certificate(chain, unit="Q5-2", keys=keys, superior=superior) == b"L" * 32


def test_two_different_digit_groups_must_be_typed(district: Unit) -> None:
    request = read_request(enrolled(district)[1], district.certificate, district.keys)
    groups = groups_of_four(request.digits).split()
    for typed in (f"{groups[0]} {groups[5]}", groups[3] + groups[1], " – ".join(groups), f"{groups[4]},{groups[2]}"):
        check_digits(request, typed)
    wrong = f"{(int(groups[0]) + 1) % 10000:04d}"
    for typed in ("", "1234", groups[0], "12 34", f"{groups[0]} 12", "một hai ba bốn", "١٢٣٤٥٦٧٨"):
        with pytest.raises(UserError) as caught:
            check_digits(request, typed)
        assert caught.value.code == "certify.digits_missing"
    for typed in (f"{groups[0]} {wrong}", f"{groups[0]} {groups[0]}"):
        if groups.count(groups[0]) > 1 or wrong in groups:  # the keys are random: the groups may repeat
            continue
        with pytest.raises(UserError) as caught:
            check_digits(request, typed)
        assert (caught.value.code, caught.value.field) == ("certify.digits_wrong", "digits")


def test_bad_enrolment_files_each_have_their_sentence(district: Unit, ward: Unit, tmp_path: Path) -> None:
    invitation, request, certificate, keys = enrolled(district)
    line, signature = invitation.splitlines()
    deep = b'{"chain":' + b"[" * 20_000
    assert code_of(lambda: read_invitation(deep)) == "invitation.too_large"
    assert code_of(lambda: read_invitation(deep[:9000])) == "invitation.malformed"
    assert code_of(lambda: read_invitation(b"")) == "invitation.malformed"
    spaced = line.replace(b",", b", ") + b"\n" + signature + b"\n"
    assert code_of(lambda: read_invitation(spaced)) == "invitation.malformed"
    more = canonical(json.loads(line) | {"note": "x"})
    assert code_of(lambda: read_invitation(signed_text(more, district.keys.sign(b"x", more)))) == "invitation.malformed"
    renamed = canonical(json.loads(line) | {"unit": "Q5-3"}) + b"\n" + signature + b"\n"
    assert code_of(lambda: read_invitation(renamed)) == "invitation.forged"
    assert code_of(lambda: read_request(request, ward.certificate, ward.keys)) == "request.not_for_us"
    stale = make_request(dataclasses.replace(district.certificate, unit="Q6"), keys, unit="Q5-2", name=NAME)
    assert code_of(lambda: read_request(stale, district.certificate, district.keys)) == "request.other_superior"
    body = canonical(
        {
            "age": keys.public.age,
            "format": "hoidesk-request",
            "name": NAME,
            "serial": 0,
            "sign": to_base64(keys.public.sign),
            "superior": district.certificate.fingerprint,
            "unit": "Q5-2",
            "version": 1,
        }
    )
    stolen = district.certificate.keys.seal(signed_text(body, UnitKeys.generate().sign(b"hoidesk-request-v1\n", body)))
    assert code_of(lambda: read_request(stolen, district.certificate, district.keys)) == "request.forged"
    chain = read_certificate_file(certificate)
    superior = district.keys.public

    def own(unit: str = "Q5-2", mine: UnitKeys = keys) -> None:
        check_own_certificate(chain, unit=unit, keys=mine, superior=superior)

    own()
    assert code_of(lambda: own(unit="Q5-3")) == "certificate.other_unit"
    assert code_of(lambda: own(mine=UnitKeys.generate())) == "certificate.other_keys"
    impostor = root("Q5")
    assert (
        code_of(lambda: check_own_certificate(chain, unit="Q5-2", keys=keys, superior=impostor.keys.public))
        == "certificate.other_superior"
    )
    big, empty = tmp_path / "to.hdi", tmp_path / unicodedata.normalize("NFD", "rỗng.hdi")
    big.write_bytes(b"x" * (MAX_FILE + 1))
    empty.touch()
    assert code_of(lambda: read_small_file(big, "invitation")) == "invitation.too_large"
    assert code_of(lambda: read_small_file(empty, "request")) == "request.empty"
    assert code_of(lambda: read_small_file(tmp_path, "request")) == "request.folder"
    assert code_of(lambda: read_small_file(tmp_path / "x", "request")) == "request.unreadable"


@pytest.mark.parametrize(
    "trick", ["Quận \u202eaĐ gnốĐ", "Quận\u200b Đống Đa", "\x1b[2JQuận", "Quận\nĐống Đa", "a" * 201]
)
def test_a_name_that_could_pass_for_another_is_refused(district: Unit, trick: str) -> None:
    """Whoever reads an invitation or request sees the name before anything is proven."""
    line = canonical(json.loads(district.certificate.text.splitlines()[0]) | {"name": trick})
    text = signed_text(line, district.keys.sign(CERTIFICATE_DOMAIN, line)).decode()
    assert code_of(lambda: read_certificate(text)) == "certificate.malformed"
    body = canonical(json.loads(enrolled(district)[0].splitlines()[0]) | {"name": trick})
    bad = signed_text(body, district.keys.sign(b"hoidesk-invitation-v1\n", body))
    assert code_of(lambda: read_invitation(bad)) == "invitation.malformed"
    honest = make_invitation(district.chain, district.keys, unit="Q5-2", name=trick, scope="up-1")
    assert read_invitation(honest).name.isprintable()


def test_secrets_do_not_show_in_tracebacks_and_logs() -> None:
    keys = UnitKeys.generate()
    assert keys.identity not in repr(keys) and keys.seed.hex() not in repr(keys) and repr(keys.seed) not in repr(keys)
