"""get_file: fetched once, whole or not at all, checked by its hash, unpacked safely."""

import gzip
import hashlib
import io
import os
import tarfile
import zipfile

import pytest

from kerasnb.errors import ArgumentError, DownloadError, FileError, UnknownNameError
from kerasnb.utils.data_utils import get_file, urlretrieve, validate_file
from tests.file_server import serving

TEXT = b"Float like a butterfly, sting like a bee." * 100


@pytest.fixture
def server():
    with serving() as served:
        yield served


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path / "ours"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "ours" / "datasets"


def md5(content):
    return hashlib.md5(content).hexdigest()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def names_in(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def tar_of(files, **members):
    """A tar.gz of files, and of members made by hand."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for name, target in members.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            tar.addfile(member)
    return packed.getvalue()


def zip_of(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_file_is_fetched_into_the_cache(server, cache):
    path = get_file("text.txt", server.put("a.txt", TEXT))
    assert path == str(cache / "text.txt")
    assert (cache / "text.txt").read_bytes() == TEXT
    assert names_in(cache) == ["text.txt"]


def test_file_is_fetched_only_once(server):
    origin = server.put("a.txt", TEXT)
    assert get_file("text.txt", origin) == get_file("text.txt", origin)
    assert server.asked == ["a.txt"]


def test_download_shows_where_from_and_how_much(server, capsys):
    origin = server.put("a.txt", TEXT)
    get_file("text.txt", origin)
    shown = capsys.readouterr().out
    assert f"Downloading data from {origin}" in shown
    assert f"{len(TEXT)}/{len(TEXT)} [=" in shown


def test_file_without_a_known_length_is_fetched_whole(server):
    server.lengthless.add("a.txt")
    with open(get_file("text.txt", server.put("a.txt", TEXT)), "rb") as file:
        assert file.read() == TEXT


def test_packed_file_stays_packed_when_the_server_calls_it_encoded(server):
    packed = gzip.compress(TEXT)
    server.headers["Content-Encoding"] = "gzip"
    with open(get_file("text.gz", server.put("a.gz", packed)), "rb") as file:
        assert file.read() == packed


def test_cache_may_be_elsewhere(server, tmp_path):
    origin = server.put("a.txt", TEXT)
    path = get_file("text.txt", origin, cache_subdir="models", cache_dir=tmp_path / "own")
    assert path == str(tmp_path / "own" / "models" / "text.txt")
    absolute = tmp_path / "here.txt"
    assert get_file(str(absolute), origin) == str(absolute)
    assert absolute.read_bytes() == TEXT


def test_what_keras_has_fetched_is_not_fetched_again(server, tmp_path):
    kept = tmp_path / "keras" / "datasets" / "text.txt"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(TEXT)
    assert get_file("text.txt", server.at("a.txt"), md5_hash=md5(TEXT)) == str(kept)
    assert server.asked == []


@pytest.mark.parametrize(
    "hashes",
    [
        {"md5_hash": md5(TEXT)},
        {"md5_hash": sha256(TEXT)},
        {"file_hash": sha256(TEXT).upper()},
        {"file_hash": sha256(TEXT), "hash_algorithm": "sha256"},
    ],
)
def test_right_hash_is_accepted(server, hashes):
    assert get_file("text.txt", server.put("a.txt", TEXT), **hashes)


def test_wrong_hash_keeps_nothing_and_says_both(server, cache):
    origin = server.put("a.txt", TEXT)
    with pytest.raises(DownloadError, match=f"{md5(TEXT)}, expected {md5(b'other')}"):
        get_file("text.txt", origin, md5_hash=md5(b"other"))
    assert names_in(cache) == []


def test_damaged_file_in_the_cache_is_fetched_again(server, cache, capsys):
    cache.mkdir(parents=True)
    (cache / "text.txt").write_bytes(TEXT[:50])
    path = get_file("text.txt", server.put("a.txt", TEXT), md5_hash=md5(TEXT))
    assert validate_file(path, md5(TEXT))
    assert "incomplete or outdated" in capsys.readouterr().out


def test_damaged_file_in_the_cache_stays_when_it_cannot_be_fetched(server, cache):
    cache.mkdir(parents=True)
    (cache / "text.txt").write_bytes(TEXT[:50])
    with pytest.raises(DownloadError):
        get_file("text.txt", server.at("nothing.txt"), md5_hash=md5(TEXT))
    assert (cache / "text.txt").read_bytes() == TEXT[:50]


def test_missing_file_on_the_server_is_named(server, cache):
    with pytest.raises(DownloadError, match="nothing.txt: the server answered 404"):
        get_file("text.txt", server.at("nothing.txt"))
    assert names_in(cache) == []


def test_server_that_is_not_there_is_named(cache):
    with serving() as gone:
        origin = gone.at("a.txt")
    with pytest.raises(DownloadError, match="could not be fetched"):
        get_file("text.txt", origin)
    assert names_in(cache) == []


def test_connection_that_ends_early_leaves_no_file(server, cache):
    server.cut_short.add("a.txt")
    with pytest.raises(DownloadError, match="a.txt: "):
        get_file("text.txt", server.put("a.txt", TEXT))
    assert names_in(cache) == []


def test_interrupted_download_leaves_no_file(server, tmp_path):
    def interrupt(*_):
        raise KeyboardInterrupt

    target = tmp_path / "folder" / "text.txt"
    with pytest.raises(KeyboardInterrupt):
        urlretrieve(server.put("a.txt", TEXT), target, interrupt)
    assert names_in(tmp_path / "folder") == []


def test_cache_that_cannot_be_written_is_named(server, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path / "file"))
    with pytest.raises(FileError, match="Set KERASNB_HOME to a directory that can be written to"):
        get_file("text.txt", server.put("a.txt", TEXT))


def test_file_in_a_cache_that_cannot_be_written_is_still_used(server, cache, monkeypatch):
    get_file("text.txt", server.put("a.txt", TEXT))
    monkeypatch.setattr("kerasnb.utils.downloads.open", lambda *_: pytest.fail("nothing to write"), raising=False)
    assert get_file("text.txt", server.at("a.txt")) == str(cache / "text.txt")


@pytest.mark.parametrize("origin", ["nonsense://host/a.txt", "no url at all"])
def test_unknown_kind_of_url_is_named(origin):
    with pytest.raises(DownloadError, match=origin):
        get_file("text.txt", origin)


@pytest.mark.parametrize("fname", ["", None, 3])
def test_file_needs_a_name(fname):
    with pytest.raises(ArgumentError, match="fname must be a file's name"):
        get_file(fname, "http://127.0.0.1:1/a.txt")


def test_unknown_algorithm_is_named(server):
    with pytest.raises(UnknownNameError, match='no hash_algorithm "sha9"'):
        get_file("text.txt", server.put("a.txt", TEXT), file_hash="00", hash_algorithm="sha9")


def test_archive_is_unpacked_beside_itself(server, cache):
    origin = server.put("a.tar.gz", tar_of({"words/a.txt": TEXT, "words/b.txt": b"b"}))
    folder = get_file("words", origin, untar=True)
    assert folder == str(cache / "words")
    assert names_in(cache) == ["words", "words.tar.gz"]
    assert (cache / "words" / "a.txt").read_bytes() == TEXT


def test_unpacked_archive_is_not_unpacked_again(server, cache):
    origin = server.put("a.tar.gz", tar_of({"words/a.txt": TEXT}))
    get_file("words", origin, untar=True)
    (cache / "words" / "a.txt").write_bytes(b"mine")
    get_file("words", origin, untar=True)
    assert (cache / "words" / "a.txt").read_bytes() == b"mine"
    assert server.asked == ["a.tar.gz"]


def test_unpacked_folder_is_enough_without_its_archive(server, cache):
    (cache / "words").mkdir(parents=True)
    assert get_file("words", server.at("a.tar.gz"), untar=True) == str(cache / "words")
    assert server.asked == []


def test_archive_of_keras_is_unpacked_into_our_cache(server, cache, tmp_path):
    theirs = tmp_path / "keras" / "datasets"
    theirs.mkdir(parents=True)
    (theirs / "words.tar.gz").write_bytes(tar_of({"words/a.txt": TEXT}))
    assert get_file("words", server.at("a.tar.gz"), untar=True) == str(cache / "words")
    assert names_in(theirs) == ["words.tar.gz"]
    assert server.asked == []


@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_extract_unpacks_and_gives_the_archive(server, cache, pack):
    path = get_file("archive", server.put("a", pack({"deep/er/a.txt": TEXT})), extract=True)
    assert path == str(cache / "archive")
    assert (cache / "deep" / "er" / "a.txt").read_bytes() == TEXT


def test_unpacking_keeps_files_of_other_archives_in_the_same_folder(server, cache):
    get_file("one", server.put("one", zip_of({"data/one.txt": b"1", "data/both.txt": b"old"})), extract=True)
    get_file("two", server.put("two", zip_of({"data/two.txt": b"2", "data/both.txt": b"new"})), extract=True)
    assert names_in(cache / "data") == ["both.txt", "one.txt", "two.txt"]
    assert (cache / "data" / "both.txt").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["../outside.txt", "a/../../outside.txt", "/tmp/outside.txt", "..\\outside.txt"])
@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_archive_that_would_write_outside_is_refused_whole(server, cache, pack, name):
    origin = server.put("a", pack({"inside.txt": b"good", name: b"bad"}))
    with pytest.raises(FileError, match="would write outside its folder"):
        get_file("archive", origin, extract=True)
    assert names_in(cache) == ["archive"]
    assert not (cache.parent / "outside.txt").exists()


def test_archive_with_a_link_that_leads_outside_is_refused(server, cache):
    origin = server.put("a", tar_of({}, link="/etc"))
    with pytest.raises(FileError, match="cannot be unpacked"):
        get_file("archive", origin, extract=True)
    assert names_in(cache) == ["archive"]


@pytest.mark.parametrize("content", [b"no archive", tar_of({"a.txt": os.urandom(5000)})[:-2000]])
def test_damaged_archive_is_named_and_unpacks_nothing(server, cache, content):
    with pytest.raises(FileError, match='words.tar.gz" '):
        get_file("words", server.put("a", content), untar=True)
    assert names_in(cache) == ["words.tar.gz"]


def test_unknown_archive_format_is_named(server):
    with pytest.raises(UnknownNameError, match='no archive_format "rar"'):
        get_file("a", server.put("a", zip_of({"a.txt": b""})), extract=True, archive_format="rar")


def test_file_urls_work_as_in_keras(tmp_path, cache):
    (tmp_path / "test.tar.gz").write_bytes(tar_of({"test.txt": TEXT}))
    origin = (tmp_path / "test.tar.gz").as_uri()
    path = get_file("data_utils", origin, untar=True)
    archive = path + ".tar.gz"
    with open(archive, "rb") as file:
        content = file.read()
    assert get_file("data_utils", origin, md5_hash=md5(content), untar=True) == path
    assert get_file(archive, origin, file_hash=sha256(content), extract=True) == archive
    assert (cache / "test.txt").read_bytes() == TEXT


def test_validate_file_tells_right_from_wrong(tmp_path):
    (tmp_path / "a").write_bytes(TEXT)
    assert validate_file(tmp_path / "a", md5(TEXT))
    assert validate_file(str(tmp_path / "a"), file_hash=sha256(TEXT))
    assert not validate_file(tmp_path / "a", md5(b""))


def test_urlretrieve_reports_and_posts(server, tmp_path):
    reports = []
    name, headers = urlretrieve(
        server.put("a.txt", TEXT), tmp_path / "a", lambda *report: reports.append(report), data=b"question"
    )
    assert name.read_bytes() == TEXT
    assert headers["Content-Length"] == str(len(TEXT))
    assert server.posted == [b"question"]
    assert [(report[0], report[2]) for report in reports] == [(0, len(TEXT)), (1, len(TEXT))]
