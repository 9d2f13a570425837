"""Encodings told from real words and sentences in each language, down to one word among digits."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from gapkit.survey.encodings import decode, guess_encoding
from gapkit.survey.filetypes import ReaderFault

# Written for these tests; none of these was used in choosing the costs or the lists of characters.
WORDS = {
    "gb18030": (
        "昨天下雨了|我们一起去公园散步|螃蟹|骑自行车上班|药店|幼儿园|图书馆借书|王芳|李建国|赵雅婷|成都市武侯区|"
        "哈尔滨|拉面|麻辣烫|空调坏了|插座不够|早餐种类少|热水不热|隔音差|前台态度好|押金退得慢|电梯拥挤|"
        "毛巾有异味|无线网络不稳定|服务员面带微笑|下次还来|偏贵|挺好|凑合|差劲|没意见|客房整洁明亮|周末加班|"
        "西红柿炒鸡蛋|高铁晚点|护照过期|银行排队|维修及时|物流太慢|包装破损|客服不理人"
    ),
    "big5": (
        "昨天下雨了|我們一起去公園散步|螃蟹|騎腳踏車上班|藥局|幼稚園|圖書館借書|王淑芬|李建宏|趙雅婷|"
        "台南市安平區|花蓮|牛肉麵|臭豆腐|冷氣壞了|插座不夠|早餐種類少|熱水不熱|隔音差|櫃檯態度好|押金退得慢|"
        "電梯擁擠|毛巾有異味|無線網路不穩|服務人員面帶微笑|下次還來|偏貴|很好|還可以|很差|沒意見|客房整潔明亮|"
        "週末加班|番茄炒蛋|高鐵誤點|護照過期|銀行排隊|維修快速|物流太慢|包裝破損|客服不理人"
    ),
    "cp949": (
        "어제 비가 왔다|우리는 함께 공원을 산책했다|꽃게|자전거로 출근|약국|유치원|도서관에서 책을 빌렸다|박지영|"
        "이건우|최수빈|부산광역시 해운대구|강릉|냉면|떡볶이|에어컨이 고장났어요|콘센트가 부족함|조식 종류가 적다|"
        "온수가 안 나옴|방음이 안 돼요|프런트 직원이 친절함|보증금 환불이 늦다|엘리베이터가 붐빔|"
        "수건에서 냄새가 남|와이파이 불안정|직원이 웃으며 맞이함|또 올게요|비쌈|좋음|그저 그럼|별로|의견 없음|"
        "객실이 깨끗하고 밝음|주말 근무|토마토 달걀 볶음|기차가 연착됨|여권 만료|은행 대기줄|수리가 빠름|"
        "배송이 느림|포장이 찢어짐|상담원이 무시함"
    ),
    "shift_jis": (
        "昨日は雨が降った|一緒に公園を散歩した|蟹|自転車で通勤|薬局|幼稚園|図書館で本を借りた|佐藤花子|鈴木一郎|"
        "高橋美咲|横浜市港北区|札幌|味噌ラーメン|たこ焼き|エアコンが壊れている|コンセントが足りない|"
        "朝食の種類が少ない|お湯がぬるい|防音が悪い|フロントの対応が良い|返金が遅い|エレベーターが混雑|"
        "タオルが臭い|無線が不安定|笑顔で迎えてくれた|また来ます|高い|良い|まあまあ|悪い|特になし|"
        "客室が清潔で明るい|週末出勤|トマトと卵の炒め物|電車が遅れた|旅券の期限切れ|銀行で待った|修理が早い|"
        "配達が遅い|梱包が破れた|担当者が無視した"
    ),
    "cp1252": (
        "Gestern regnete es in München|à bientôt|Crêpe|Fahrrad für Kinder|pharmacie fermée|niños|bibliothèque|"
        "Søren Kjær|José Núñez|Zoë Brontë|Malmö|Düsseldorf|jalapeño|smørrebrød|climatisation cassée|"
        "pas assez de prises – dommage|le petit déjeuner était froid|Frühstück zu spät|"
        "bruyant la nuit, isolation médiocre|Empfang sehr höflich|dépôt non remboursé|"
        "ascensor lleno de gente mañana|Handtücher rochen|personal muy amable, volveré|zu teuer für 2 Nächte|"
        "trop cher (180 €)|Qualität gut|regular, sin más… nada|très déçu|keine Einwände|"
        "quarto limpo e iluminação ótima|trabalho à noite|œufs brouillés|comboio atrasado às 7h|validité expirée|"
        "cola en el banco; atención mínima|réparation rapide|entrega tardía|emballage déchiré|“no reply”"
    ),
}
CODECS = {"big5": "cp950", "shift_jis": "cp932"}
LAYOUTS = {
    "alone": "{}\n7\n",
    "a header among codes": "id,E1,E2,P1,P2,{}\n1,7,6,5,4,3\n2,5,5,6,6,7\n",
    "a comment among answers": "id,E1,comment\n1,7,ok\n2,6,fine\n3,5,{}\n",
}


def _guess(text: str, encoding: str) -> str:
    return guess_encoding("answers.csv", text.encode(CODECS.get(encoding, encoding))).name


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("encoding", WORDS)
def test_one_word_or_phrase_among_digits_tells_the_encoding_19_times_in_20(encoding, layout):
    words = WORDS[encoding].split("|")
    right = sum(_guess(LAYOUTS[layout].format(word), encoding) == encoding for word in words)
    assert right / len(words) >= 0.95


@pytest.mark.parametrize("encoding", WORDS)
def test_two_words_tell_the_encoding_always(encoding):
    words = WORDS[encoding].split("|")
    pairs = pairwise(words)
    wrong = [pair for pair in pairs if _guess(f"id,{pair[0]}\n1,{pair[1]}\n", encoding) != encoding]
    assert wrong == []


@pytest.mark.parametrize("encoding", WORDS)
def test_a_file_in_utf_8_is_never_taken_for_a_legacy_one(encoding):
    words = WORDS[encoding].split("|")
    assert {guess_encoding("a.csv", f"{word}\n7\n".encode()).name for word in words} == {"utf-8"}


@pytest.mark.parametrize("byte_order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", WORDS)
def test_utf_16_without_a_mark_is_told_by_its_zero_bytes(language, byte_order):
    text = "\n".join(["E1,P1,comment", *(f"7,6,{word}" for word in WORDS[language].split("|"))])
    assert decode("a.csv", text.encode(byte_order))[0] == text
    assert guess_encoding("a.csv", text.encode(byte_order)).name == byte_order


@pytest.mark.parametrize(("encoding", "said"), [("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-32", "utf-32")])
def test_a_byte_order_mark_is_no_guess_and_no_part_of_the_text(encoding, said):
    text, found = decode("a.csv", "满意度\n7\n".encode(encoding))
    assert (text, found.name, found.guessed) == ("满意度\n7\n", said, False)


def test_two_lone_characters_that_happen_to_be_valid_utf_8_are_still_chinese():
    # 女 in GB18030 is C5 AE, which is also the letter U with a ring in UTF-8.
    assert "女".encode("gb18030").decode("utf-8") == "Ů"
    assert decode("a.csv", "性别\n女\n".encode("gb18030"))[0] == "性别\n女\n"
    assert decode("a.csv", "sex\n女\n".encode("gb18030"))[0] == "sex\n女\n"


def test_half_width_katakana_are_japanese():
    assert _guess("ｱﾝｹｰﾄ,E1\n7,7\n", "shift_jis") == "shift_jis"


def test_a_close_guess_says_that_it_is_not_sure():
    # One character that is no more likely in Chinese than the same bytes are in Korean.
    assert not guess_encoding("a.csv", "凑合\n7\n".encode("gb18030")).sure
    assert guess_encoding("a.csv", "您对酒店的服务满意吗\n7\n".encode("gb18030")).sure


def test_a_given_encoding_is_used_and_not_called_a_guess():
    text, found = decode("a.csv", "凑合\n".encode("gb18030"), encoding="gb18030")
    assert (text, found.guessed) == ("凑合\n", False)


def test_bytes_outside_a_given_encoding_are_named_with_their_row():
    data = "id,comment\n1,ok\n2,très bien\n".encode("cp1252")
    with pytest.raises(ReaderFault) as fault:
        decode("hotel.csv", data, encoding="utf-8")
    assert str(fault.value) == (
        "hotel.csv, row 3: the file was said to be in utf-8, but byte 20 (0xe8) is not. "
        "Save it again as UTF-8, or pass encoding= with the right one."
    )


def test_damaged_utf_8_is_reported_as_damaged_and_not_read_as_something_else():
    data = "编号,性别,意见\n1,男,很好\n2,女,房间很吵\n".encode()
    broken = data[:-5] + b"\xff" + data[-5:]
    with pytest.raises(ReaderFault, match=r"row 3: the file seems to be in utf-8, but byte 46 .0xe5. is not"):
        decode("hotel.csv", broken)


def test_an_unknown_encoding_is_answered_with_the_usual_ones():
    with pytest.raises(ReaderFault, match=r"there is no encoding 'klingon'\. Use utf-8, utf-16, gb18030, big5, cp949"):
        decode("hotel.csv", b"a\n1\n", encoding="klingon")


def test_zero_bytes_in_a_text_are_a_fault_with_their_row():
    with pytest.raises(ReaderFault, match=r"hotel\.csv, row 2: there are zero bytes \(NUL\) in the text"):
        decode("hotel.csv", b"a,b\n1,\x002\n")


def test_other_single_byte_encodings_are_left_to_charset_normalizer():
    text = "Довольны ли вы обслуживанием в гостинице?\nДа, персонал был вежлив и внимателен\n"
    read, found = decode("a.csv", text.encode("cp1251"))
    assert (read, found.name, found.sure) == (text, "cp1251", False)


def test_the_authors_raw_export_is_korean():
    folder = os.environ.get("GAPKIT_DATA")
    if not folder or not (file := Path(folder, "kservqual", "kiosk.csv")).exists():
        pytest.skip("GAPKIT_DATA does not hold kservqual/kiosk.csv")
    text, found = decode(file.name, file.read_bytes())
    assert (found.name, found.sure) == ("cp949", True)
    assert text.startswith("귀하의 성별을 선택해주세요.")
