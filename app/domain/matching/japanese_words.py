"""Ordinary words in the names of Japanese companies: in English, and as kana read them."""

from __future__ import annotations

LEGAL_FORMS = """
カブシキガイシャ カブシキカイシャ ユウゲンガイシャ ユウゲンカイシャ ゴウドウガイシャ ゴウドウカイシャ ゴウシガイシャ
ゴウメイガイシャ コーポレーション カンパニー リミテッド トクテイモクテキガイシャ イッパンシャダンホウジン
イッパンザイダンホウジン シャダンホウジン ザイダンホウジン ソウゴガイシャ
""".split()

NOT_SPOKEN = frozenset(
    "corporation company limited inc incorporated corp co ltd llc plc kk kabushiki kaisha gaisha the and of".split()
)
"""Words of the legal form in English, which say nothing wherever they stand."""

_LETTERS = """
エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ オー ピー キュー アール エス ティー
ユー ブイ ダブリュー エックス ワイ ゼット
""".split()
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", _LETTERS, strict=True))
"""How the letters of an abbreviation are read."""

_LINES = """
holdings holding hd: ホールディングス ホールディング ホウルディングス
group: グループ
japan nippon nihon: ジャパン ニッポン ニホン
bank banking: ギンコウ バンク
shinkin: シンヨウキンコ
industry industries industrial: コウギョウ サンギョウ インダストリーズ インダストリー インダストリアル
mining: コウギョウ コウザン
electric electrical: デンキ エレクトリック
power: デンリョク パワー
electronics electronic: デンシ エレクトロニクス
construction constructions: ケンセツ コンストラクション
engineering works kosan: コウジ エンジニアリング コウム
chemical chemicals science: カガク ケミカル ケミカルズ
pharmaceutical pharmaceuticals pharma: セイヤク ヤクヒン ファーマ
medicine drug drugs: ヤッキョク ドラッグ
medical: イリョウ メディカル
securities: ショウケン
trust: シンタク
insurance: ホケン カサイカイジョウホケン
life: セイメイ ライフ
finance financial: フィナンシャル ファイナンス キンユウ ファイナンシャル
leasing lease: リース
capital: キャピタル
investment investments: トウシ インベストメント
railway railways railroad: テツドウ デンテツ
transport transportation express: ウンユ ウンソウ
logistics: ブツリュウ ロジスティクス
shipping steamship marine line lines: カイウン キセン
warehouse: ソウコ
airline airlines airways air: コウクウ
airport terminal: クウコウ ターミナル
bus motor: バス
food foods: ショクヒン フーズ フード
flour: セイフン
sugar: セイトウ
brewery breweries: ビール シュゾウ
confectionery: セイカ
fishery fisheries marine: スイサン
paper: セイシ
textile textiles spinning: ボウセキ センイ オリモノ
steel iron: セイコウ テッコウ セイテツ スチール
metal metals: キンゾク メタル
wire cable: デンセン
machinery machine: キカイ マシナリー
tool tools: コウグ ツール
precision: セイミツ
instrument instruments: ケイキ
works manufacturing mfg manufactory: セイサクショ セイサク セイゾウ
automobile motor motors: ジドウシャ モーターズ
tire rubber: ゴム タイヤ
glass: ガラス
cement: セメント
ceramics: セラミックス
oil petroleum: セキユ
gas: ガス
energy: エネルギー
coke: コークス
paint coatings: トリョウ ペイント
printing: インサツ
publishing: シュッパン
newspaper: シンブン
broadcasting: ホウソウ テレビ
advertising: コウコク
trading shoji: ショウジ ボウエキ トレーディング ショウカイ ブッサン
real estate realty: フドウサン
building buildings: ビル ビルディング
housing house home homes: ジュウタク ハウス ホーム
land: ジショ トチ
development: カイハツ
city urban: トシ
hotel: ホテル
tourism tourist kanko: カンコウ
club country golf: カントリークラブ カンツリークラブ ゴルフクラブ カントリー クラブ ゴルフ カンツリー
store stores mart: ストア マート
department: ヒャッカテン
super supermarket: スーパー
research institute: ケンキュウショ ケンキュウジョ リサーチ
consultant consultants consulting: コンサルタント コンサルタンツ コンサルティング
service services: サービス
system systems: システム システムズ
solution solutions: ソリューション ソリューションズ
technology technologies: テクノロジー テクノロジーズ
information: ジョウホウ
communications communication telecommunications: ツウシン コミュニケーションズ コミュニケーション
network networks: ネットワーク ネットワークス
software: ソフトウェア ソフト
digital: デジタル ディジタル
data: データ
computer: コンピュータ コンピューター
entertainment: エンターテインメント エンタテインメント エンターテイメント
education: キョウイク
school: ガクエン ガッコウ
security: ケイビ セキュリティ
international: コクサイ インターナショナル
global: グローバル
partners: パートナーズ
management: マネジメント
marketing: マーケティング
planning: キカク
general: ソウゴウ
first daiichi: ダイイチ ファースト
central chuo: チュウオウ セントラル
east: ヒガシニホン イースト
west: ニシニホン ウエスト
pacific: タイヘイヨウ
optical: コウガク
environment environmental: カンキョウ
material materials: マテリアル マテリアルズ
products product: プロダクツ
design: デザイン
creative: クリエイティブ
"""


def _company_words() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    words = {}
    for line in _LINES.strip().splitlines():
        english, kana = (tuple(side.split()) for side in line.split(":"))
        words[english[0] if english[0] not in words else f"{english[0]} {kana[0]}"] = (english, kana)
    return words


_COMMON_KANJI = """
日本 東京 大阪 中央 第一 国際 総合 工業 産業 鉱業 興業 化学 科学 電機 電気 電子 電力 建設 建築 製作 作所 製造
機械 金属 精密 製薬 薬品 食品 水産 商事 商会 貿易 物産 物流 運輸 運送 鉄道 電鉄 航空 海運 汽船 倉庫 不動 動産
地所 住宅 開発 銀行 証券 保険 生命 信託 信用 金庫 金融 投資 情報 通信 放送 新聞 印刷 出版 広告 企画 設計 技術
研究 環境 石油 製鉄 製鋼 製紙 製糖 製粉 紡績 繊維 自動 動車 部品 教育 学園 医療 法人 警備 観光 百貨 貨店
"""


def _common_pairs() -> frozenset[str]:
    kana = [word for _, words in COMPANY_WORDS.values() for word in words]
    words = [*_COMMON_KANJI.split(), *LEGAL_FORMS, *kana]
    return frozenset(word[at : at + 2] for word in words for at in range(len(word) - 1))


COMPANY_WORDS = _company_words()
"""By its meaning: the word in English, and as kana read it; what means the same stands in one line."""

COMMON_PAIRS = _common_pairs()
"""Two signs side by side that stand in many names, and so tell little."""
