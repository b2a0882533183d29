"""Networks that answer from the files in `fixtures/`, in the shape of the real replies."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.networks.replay import Answer, Asked

FIXTURES = Path(__file__).parent / "fixtures"
USER_TOKEN = "EAAfixtureusertoken0001"
X_TOKEN = "x-fixture-user-token-0001"
SCOPES = [
    "pages_show_list",
    "pages_read_engagement",
    "read_insights",
    "instagram_basic",
    "instagram_manage_insights",
    "ads_read",
]


def fixture(name: str) -> Any:
    """One file's content."""
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


class RecordedX:
    """X, from x.json."""

    def __init__(self) -> None:
        self.content = fixture("x")

    def __call__(self, asked: Asked) -> Answer:
        user, parts = self.content["user"], asked.path.strip("/").split("/")
        match parts[1:]:
            case ["users", "by", "username", name]:
                known = name.casefold() == user["username"].casefold()
                return Answer({"data": user}) if known else Answer(_not_found("user", name))
            case ["users", "me"]:
                return Answer({"data": user})
            case ["users", number]:
                known = number == user["id"]
                return Answer({"data": user}) if known else Answer(_not_found("user", number))
            case ["users", _, "tweets"]:
                return Answer(self._page(asked))
            case ["tweets"]:
                return Answer(self._lookup(asked))
        return Answer({"title": "Not Found", "status": 404, "type": "about:blank"}, 404)

    def _page(self, asked: Asked) -> dict[str, Any]:
        page = self.content["pages"][1 if "pagination_token" in asked.params else 0]
        since = asked.params.get("start_time")
        if since is None:
            return dict(page)
        data = [one for one in page["data"] if one["created_at"] >= since.replace("Z", ".000Z")]
        return {**page, "data": data}

    def _lookup(self, asked: Asked) -> dict[str, Any]:
        private = "non_public_metrics" in asked.params.get("tweet.fields", "")
        known = {str(one["id"]): one for page in self.content["pages"] for one in page["data"]}
        data, errors = [], []
        for one in asked.params["ids"].split(","):
            if one not in known:
                errors += _not_found("tweet", one)["errors"]
                continue
            extra = self.content["private"].get(one) if private else None
            data.append(known[one] | ({"non_public_metrics": extra} if extra else {}))
        includes = self.content["pages"][0]["includes"]
        return {"data": data, "includes": includes} | ({"errors": errors} if errors else {})


def _not_found(kind: str, value: str) -> dict[str, Any]:
    return {
        "errors": [
            {
                "value": value,
                "detail": f"Could not find {kind} with ids: [{value}].",
                "title": "Not Found Error",
                "resource_type": kind,
                "parameter": "ids",
                "resource_id": value,
                "type": "https://api.twitter.com/2/problems/resource-not-found",
            }
        ]
    }


class RecordedGraph:
    """Graph, from facebook.json, instagram.json and meta_ads.json; batches go the same ways."""

    def __init__(self) -> None:
        self.facebook = fixture("facebook")
        self.instagram = fixture("instagram")
        self.ads = fixture("meta_ads")

    def __call__(self, asked: Asked) -> Answer:
        parts = [part for part in asked.path.split("/") if part][1:]
        if not parts:
            return Answer([self._step(step) for step in json.loads(asked.params["batch"])])
        return self.answer(parts, dict(asked.params))

    def _step(self, step: dict[str, str]) -> dict[str, Any]:
        address = urlsplit(step["relative_url"])
        answer = self.answer(address.path.strip("/").split("/"), dict(parse_qsl(address.query)))
        return {"code": answer.status, "body": json.dumps(answer.body)}

    def answer(self, parts: list[str], params: dict[str, str]) -> Answer:
        """One GET."""
        number, edge = parts[0], parts[1] if len(parts) > 1 else ""
        known = self._fixed(number, edge)
        if known is not None:
            return Answer(known)
        if edge == "published_posts":
            return self._list(self.facebook, params, "created_time")
        if edge == "media":
            return self._list(self.instagram, params, "timestamp")
        if (number, edge) == ("17840000000000001", "insights"):
            return self._days(params)
        if edge == "insights" and number in self.instagram["extras"]:
            return Answer({"data": self.instagram["extras"][number]})
        if not edge:
            return self._post(number, params)
        return Answer({"error": {"message": "Unknown path components", "code": 2500}}, 400)

    def _fixed(self, number: str, edge: str) -> dict[str, Any] | None:
        """What is the same whatever is asked."""
        page = self.facebook["page"] | self.instagram["page"]
        info = {"is_valid": True, "expires_at": 0, "scopes": SCOPES}
        found: dict[tuple[str, str], dict[str, Any]] = {
            ("debug_token", ""): {"data": info},
            ("me", "accounts"): {"data": [page], "paging": {"cursors": {"after": "MAZDZD"}}},
            ("me", "adaccounts"): {"data": [self.ads["account"]]},
            ("5501", ""): self.facebook["page"],
            ("5501", "insights"): {"data": self.facebook["days"]},
            ("17840000000000001", ""): self.instagram["profile"],
            ("17840000000000001", "stories"): {"data": []},
            ("act_660077", ""): self.ads["account"],
            ("act_660077", "insights"): {
                "data": self.ads["rows"],
                "paging": {"cursors": {"after": "Mg"}},
            },
        }
        return found.get((number, edge))

    def _list(self, content: Any, params: dict[str, str], time: str) -> Answer:
        page = content["pages"][1 if "after" in params or "until" in params else 0]
        data = [_shown(one, params) for one in page["data"]]
        if since := params.get("since"):
            data = [one for one in data if _epoch(one[time]) >= int(since)]
        return Answer({**page, "data": data})

    def _days(self, params: dict[str, str]) -> Answer:
        if params.get("metric_type") == "total_value":
            row = {"name": "views", "period": "day", "total_value": {"value": 55}}
            return Answer({"data": [row]})
        return Answer({"data": self.instagram["days"]})

    def _with_extras(self, post: dict[str, Any]) -> dict[str, Any]:
        """The post with the insights too that only its kind has."""
        extras = self.instagram["extras"].get(post["id"])
        if not extras:
            return post
        return post | {"insights": {"data": [*post["insights"]["data"], *extras]}}

    def _post(self, number: str, params: dict[str, str]) -> Answer:
        for content in (self.facebook, self.instagram):
            for page in content["pages"]:
                for one in page["data"]:
                    if one["id"] == number:
                        return Answer(_shown(self._with_extras(one), params))
        error = {"message": "Unsupported get request.", "code": 100, "error_subcode": 33}
        return Answer({"error": error | {"type": "GraphMethodException"}}, 400)


def _shown(post: dict[str, Any], params: dict[str, str]) -> dict[str, Any]:
    """The post with the insights asked for."""
    asked = params.get("fields", "")
    if "insights.metric" not in asked:
        return {key: value for key, value in post.items() if key != "insights"}
    names = asked.split("insights.metric(")[1].split(")")[0].split(",")
    if not isinstance(post.get("insights"), dict):
        return post
    rows = [row for row in post["insights"]["data"] if row["name"] in names]
    return post | {"insights": {"data": rows}}


def _epoch(time: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(time).timestamp()
