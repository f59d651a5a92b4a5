"""Builds the demo workbook: ``python -m services.demo.build``.

The same bytes come out every time. All customers and numbers are invented.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

ORDERS = "订单 Orders"
SUMMARY = "汇总 Summary"
NOTES = "说明 Notes"
FIRST_ROW = 3
"""0-based sheet row of the first order, below title, subtitle and header."""

HEADER = (
    "订单号 Order", "下单日期 Date", "客户 Customer", "税号 Tax no.", "联系电话 Phone", "邮箱 E-mail",
    "省份 Province", "城市 City", "产品 Product", "数量 Qty", "金额 Amount", "折扣 Discount", "实付 Net", "已付款 Paid",
    "备注 Remarks",
)  # fmt: skip
WIDTHS = (13, 18, 30, 24, 19, 31, 11, 11, 19, 9, 14, 12, 13, 12, 24)
DATE, CUSTOMER, TAX, PHONE, MAIL, PROVINCE, CITY = range(1, 8)
QTY, AMOUNT, DISCOUNT, NET, PAID, REMARKS = range(9, 15)


@dataclass(frozen=True, slots=True)
class Customer:
    """An invented customer."""

    name: str
    tax: str
    phone: str
    mail: str
    province: str
    city: str


def customers() -> list[Customer]:
    """The invented customers, from ``customers.tsv`` beside this file; all tax numbers have the right check digit."""
    text = Path(__file__).with_name("customers.tsv").read_text("utf-8")
    return [Customer(*line.split("\t")) for line in text.splitlines()[1:]]


PRODUCTS = (
    ("USB-C 充电线 1m", 18.5), ("无线鼠标 M220", 69.0), ("蓝牙键盘 K380", 189.0), ("A4 复印纸 80g", 21.8),
    ("中性笔 0.5mm 黑", 1.9), ("LED 台灯 12W", 126.0), ("移动电源 10000mAh", 99.0), ("文件柜 三层", 468.0),
)  # fmt: skip
REMARK = ("", "", "", "", "", "", "货到付款", "加急", "送货前请电话联系", "Deliver to gate 3", "开增值税专用发票")


def orders() -> list[list[Any]]:
    """The rows of the order sheet as they would be if they were clean; the net amount, a formula, is left empty."""
    chance = random.Random(20240930)
    known = customers()
    rows: list[list[Any]] = []
    day = date(2024, 1, 3)
    for number in range(112):
        customer = known[chance.randrange(10) if number % 4 else chance.randrange(2)]
        product, price = chance.choice(PRODUCTS)
        quantity = chance.choice((5, 10, 12, 20, 24, 36, 50, 60, 100, 120, 200))
        day += timedelta(days=chance.choice((1, 1, 2, 2, 3, 4)))
        discount = chance.choice((0.0, 0.0, 0.0, 0.05, 0.1))
        paid = chance.choice(("是", "是", "是", "否"))
        rows.append(
            [f"{10001 + number:07d}", day, customer.name, customer.tax, customer.phone, customer.mail,
             customer.province, customer.city, product, quantity, round(quantity * price, 2), discount, None, paid,
             chance.choice(REMARK)]
        )  # fmt: skip
    return rows


def _mess(rows: list[list[Any]]) -> None:
    """Make the rows as messy as people do."""
    written = {
        4: "2024/1/14", 9: "2024.1.29", 13: "20240208", 18: "２０２４年２月２０号", 22: "二〇二四年三月一日",
        27: "Mar 12 '24", 31: "22 March 2024", 36: "45384", 41: "2024-02-30", 46: "03/04/2024", 52: "2024年5月13日",
    }  # fmt: skip
    for row, text in written.items():
        rows[row][DATE] = text
    for row, value in {
        2: " {} ", 16: "{}\u200b", 25: "{}\u3000",
    }.items():  # fmt: skip
        rows[row][CUSTOMER] = value.format(rows[row][CUSTOMER])
    _spoil(rows, CUSTOMER, "深圳市恒达电子有限公司", ["深圳市恒达电于有限公司", "深圳市 恒达电子有限公司"])
    _spoil(rows, CUSTOMER, "ACME Trading Ltd", ["ACME  Trading Ltd", "Acme trading ltd", "ACME Tradng Ltd"])
    _spoil(rows, CUSTOMER, "Northwind Components GmbH", ["Northwind Componants GmbH"])
    _spoil(rows, CUSTOMER, "青岛海丰食品有限公司", ["青岛海丰食品有限公司".encode("gb18030").decode("latin-1")])
    _spoil(rows, PHONE, "0755-86013800", ["(0755) 8601 3800", "０７５５-８６０１３８００", "+86 755 86013800"])
    _spoil(rows, PHONE, "020-83901266", ["020-8390126"])
    _spoil(rows, PHONE, "021-60801177", ["02160801177"])
    _spoil(
        rows,
        MAIL,
        "orders@acme-trading.example",
        ["mailto:orders@acme-trading.example", "orders＠acme-trading.example"],
    )
    _spoil(rows, MAIL, "export@haifengfood.example", ["export@haifengfood@example"])
    _spoil(rows, CITY, "深圳市", ["深训市", "深圳"])
    _spoil(rows, CITY, "杭州市", ["N/A"])
    _spoil(rows, PROVINCE, "四川省", ["湖北省"])
    _spoil(rows, PROVINCE, "江苏省", ["暂无"])
    wrong = customers()[4].tax
    _spoil(rows, TAX, wrong, [wrong[:-1] + ("A" if wrong[-1] != "A" else "B")])
    amounts = {
        3: "1,050.00", 8: "(1,260.00)", 15: "3万5", 21: "壹仟贰佰元整", 29: "¥12,800.00", 33: "378.00-", 38: "约3万",
        44: "数十亿", 50: "1.2万", 57: "１８９０", 63: "RMB 2,268.00", 70: "N/A", 76: "445.00 ", 83: "2,760",
    }  # fmt: skip
    for row, text in amounts.items():
        rows[row][AMOUNT] = text
    for row, text in {5: "24件", 11: "12 pcs", 30: "100 件", 48: "60pcs"}.items():
        rows[row][QTY] = text
    for row, text in {7: "5%", 19: "10 %"}.items():
        rows[row][DISCOUNT] = text
    for row, text in {6: "Y", 14: "yes", 28: "N", 39: "TRUE", 55: "是 "}.items():
        rows[row][PAID] = text
    rows[10][REMARKS] = "-"
    rows[23][REMARKS] = "客户说：''尽快''"
    rows[34][REMARKS] = "=见合同附件二"
    rows[42][REMARKS] = "@王经理 确认"
    rows[61][REMARKS] = "客户要求\u200b分两批发货"
    twin = list(rows[65])
    rows.insert(66, twin)
    near = list(rows[80])
    near[REMARKS] = "重复？"
    rows.insert(81, near)
    rows.insert(90, [*HEADER])
    rows.insert(100, [None] * len(HEADER))
    rows.append(["合计 Total", *[None] * (AMOUNT - 1), "SUM", None, None, None, ""])


def _spoil(rows: list[list[Any]], column: int, value: str, forms: list[str]) -> None:
    """Write ``forms`` over every third cell of a column that holds ``value``."""
    cells = [row for row in rows if row[column] == value]
    for row, form in zip(cells[1::3], forms, strict=False):
        row[column] = form


def build(target: Path) -> None:
    """Write the demo workbook to ``target``."""
    rows = orders()
    _mess(rows)
    book = xlsxwriter.Workbook(str(target), {"strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"title": "订单 Orders", "author": "Deskhand", "created": datetime(2024, 9, 30)})
    book.set_calc_mode("auto")
    font = {"font_name": "Arial", "font_size": 10, "valign": "vcenter"}
    book.formats[0].set_font_name("Arial")
    book.formats[0].set_font_size(10)
    sheet = book.add_worksheet(ORDERS)
    summary = book.add_worksheet(SUMMARY)
    notes = book.add_worksheet(NOTES)
    _write_orders(book, sheet, rows, font)
    _write_summary(book, summary, rows, font)
    _write_notes(book, notes, font)
    book.close()


def _write_orders(book: xlsxwriter.Workbook, sheet: Worksheet, rows: list[list[Any]], font: dict[str, Any]) -> None:
    title = book.add_format({**font, "bold": True, "font_size": 16, "font_color": "#1F3864"})
    subtitle = book.add_format({**font, "italic": True, "font_color": "#7F7F7F"})
    head = book.add_format(
        {**font, "bold": True, "font_color": "#FFFFFF", "bg_color": "#2F5597", "text_wrap": True, "border": 1,
         "border_color": "#D9D9D9", "align": "center"}
    )  # fmt: skip
    line = {**font, "bottom": 1, "bottom_color": "#E7E6E6"}
    plain = book.add_format(line)
    day = book.add_format({**line, "num_format": "yyyy-mm-dd", "align": "left"})
    money = book.add_format({**line, "num_format": "#,##0.00"})
    share = book.add_format({**line, "num_format": "0%"})
    total = book.add_format({**font, "bold": True, "top": 2, "num_format": "#,##0.00"})
    formats = {DATE: day, AMOUNT: money, NET: money, DISCOUNT: share}
    sheet.merge_range(0, 0, 0, len(HEADER) - 1, "2024 年订单明细  Order list 2024", title)
    sheet.merge_range(1, 0, 1, len(HEADER) - 1, "由三个系统导出后手工合并  Merged by hand from three exports", subtitle)
    sheet.set_row(0, 28)
    sheet.set_row(2, 32)
    for column, (name, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, name, head)
    last = FIRST_ROW + len(rows) - 1
    for place, row in enumerate(rows):
        at = FIRST_ROW + place
        if place == len(rows) - 1:
            _write_total(sheet, at, row, total, sum(r[AMOUNT] for r in rows if isinstance(r[AMOUNT], float)))
            continue
        for column, value in enumerate(row):
            style = formats.get(column, plain)
            if value is None or value == "":
                sheet.write_blank(at, column, None, style)
            elif isinstance(value, date):
                sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), style)
            elif isinstance(value, str):
                sheet.write_string(at, column, value, style)
            else:
                sheet.write_number(at, column, value, style)
        if row[0] and row[0] != HEADER[0]:
            net = f"ROUND(K{at + 1}*(1-L{at + 1}),2)"
            sheet.write_formula(at, NET, f"={net}", money, _net(row))
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.autofilter(2, 0, last - 1, len(HEADER) - 1)
    sheet.set_row(FIRST_ROW + 95, None, None, {"hidden": True})
    amounts = (FIRST_ROW, AMOUNT, last - 1, AMOUNT)
    sheet.conditional_format(*amounts, {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True})
    sheet.conditional_format(
        FIRST_ROW, PAID, last - 1, PAID,
        {"type": "cell", "criteria": "==", "value": '"否"', "format": book.add_format({"font_color": "#C00000"})},
    )  # fmt: skip
    sheet.data_validation(
        FIRST_ROW, PAID, last - 1, PAID, {"validate": "list", "source": ["是", "否"], "error_type": "warning"}
    )
    sheet.write_comment(2, AMOUNT, "含税金额，人民币元  Amount in CNY, tax included", {"author": "Deskhand"})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _write_total(sheet: Worksheet, at: int, row: list[Any], style: Any, amount: float) -> None:
    for column, value in enumerate(row):
        if value == "SUM":
            sheet.write_formula(at, column, f"=SUM(K{FIRST_ROW + 1}:K{at})", style, round(amount, 2))
        elif value:
            sheet.write_string(at, column, value, style)
        else:
            sheet.write_blank(at, column, None, style)


def _net(row: list[Any]) -> float | str:
    """The net amount as a spreadsheet has it before cleaning: it reads plain digits in a text, the rest is an error."""
    try:
        amount = float(str(row[AMOUNT]).replace(",", ""))
        discount = str(row[DISCOUNT])
        share = float(discount.rstrip("% ")) / 100 if "%" in discount else float(discount)
    except ValueError:
        return "#VALUE!"
    return round(amount * (1 - share), 2)


def _write_summary(book: xlsxwriter.Workbook, sheet: Worksheet, rows: list[list[Any]], font: dict[str, Any]) -> None:
    title = book.add_format({**font, "bold": True, "font_size": 14, "font_color": "#1F3864"})
    head = book.add_format({**font, "bold": True, "font_color": "#FFFFFF", "bg_color": "#2F5597"})
    money = book.add_format({**font, "num_format": "#,##0.00"})
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 2, 18)
    sheet.write_string(0, 0, "各城市订单  Orders by city", title)
    for column, name in enumerate(("城市 City", "订单数 Orders", "金额 Amount")):
        sheet.write_string(2, column, name, head)
    cities = list(dict.fromkeys(customer.city for customer in customers()))
    reach = f"'{ORDERS}'!$H$4:$H$300"
    for place, city in enumerate(cities):
        at = 3 + place
        here = [row for row in rows if row[CITY] == city]
        amount = sum(row[AMOUNT] for row in here if not isinstance(row[AMOUNT], str))
        sheet.write_string(at, 0, city)
        sheet.write_formula(at, 1, f"=COUNTIF({reach},A{at + 1})", None, len(here))
        sheet.write_formula(at, 2, f"=SUMIFS('{ORDERS}'!$K$4:$K$300,{reach},A{at + 1})", money, round(amount, 2))
    end = 3 + len(cities) - 1
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {"name": "金额 Amount", "categories": [SUMMARY, 3, 0, end, 0], "values": [SUMMARY, 3, 2, end, 2],
         "fill": {"color": "#2F5597"}, "gap": 60}
    )  # fmt: skip
    chart.set_title({"name": "各城市金额  Amount by city", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 560, "height": 320})
    sheet.insert_chart("E3", chart)


def _write_notes(book: xlsxwriter.Workbook, sheet: Worksheet, font: dict[str, Any]) -> None:
    title = book.add_format({**font, "bold": True, "font_size": 14, "font_color": "#1F3864"})
    strong = book.add_format({**font, "bold": True, "font_color": "#C00000"})
    plain = book.add_format({**font, "text_wrap": True})
    sheet.set_column(0, 0, 90)
    sheet.write_string(0, 0, "说明 Notes", title)
    sheet.write_rich_string(
        2, 0, plain, "本工作簿中的公司、号码和金额", strong, "均为虚构", plain, "，用来演示清洗。", plain
    )
    sheet.write_string(
        3, 0, "Companies, numbers and amounts in this workbook are invented, to show what cleaning does.", plain
    )


if __name__ == "__main__":
    build(Path(__file__).with_name("orders.xlsx"))
