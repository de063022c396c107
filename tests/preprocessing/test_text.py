"""Words, word numbers and counts, with Keras 1.2's numbers."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, DataError, UnknownNameError
from kerasnb.preprocessing.text import Tokenizer, base_filter, maketrans, one_hot, text_to_word_sequence

TEXTS = ["The cat sat on the mat.", "The dog sat on the log.", "Dogs and cats living together."]


@pytest.fixture
def tokenizer():
    fitted = Tokenizer()
    fitted.fit_on_texts(TEXTS)
    return fitted


def test_text_is_split_into_small_words_without_punctuation():
    assert text_to_word_sequence("The cat's,\tmat!\nEnd") == ["the", "cat's", "mat", "end"]


def test_splitting_has_its_options():
    assert text_to_word_sequence("A-b c", lower=False, filters="") == ["A-b", "c"]
    assert text_to_word_sequence("a, b::c", filters=",", split="::") == ["a", " b", "c"]
    assert text_to_word_sequence("a, b", filters=base_filter()) == ["a", "b"]
    assert maketrans("a", "b") == {97: 98}


def test_one_hot_gives_equal_words_equal_numbers_in_range():
    numbers = one_hot("The cat sat on the mat.", 5)
    assert numbers == [abs(hash(word)) % 4 + 1 for word in "the cat sat on the mat".split()]
    assert numbers[0] == numbers[4]


def test_one_hot_needs_room_for_a_number():
    with pytest.raises(ArgumentError, match="n must be at least 2, got 1"):
        one_hot("the", 1)


def test_frequent_words_get_small_numbers_and_ties_keep_their_order(tokenizer):
    assert list(tokenizer.word_index.items())[:5] == [("the", 1), ("sat", 2), ("on", 3), ("cat", 4), ("mat", 5)]
    assert tokenizer.word_counts["the"] == 4
    assert list(tokenizer.word_counts)[:3] == ["the", "cat", "sat"]
    assert tokenizer.word_docs["the"] == 2
    assert tokenizer.index_docs[1] == 2
    assert tokenizer.document_count == 3


def test_unknown_words_are_left_out(tokenizer):
    assert tokenizer.texts_to_sequences(["the bird sat", ""]) == [[1, 2], []]


@pytest.mark.parametrize("option", ["nb_words", "num_words"])
def test_rare_words_are_left_out(option):
    tokenizer = Tokenizer(**{option: 3})
    tokenizer.fit_on_texts(TEXTS)
    assert tokenizer.texts_to_sequences(TEXTS) == [[1, 2, 1], [1, 2, 1], []]
    assert tokenizer.texts_to_matrix(TEXTS).shape == (3, 3)
    assert (tokenizer.nb_words, tokenizer.num_words) == (3, 3)


def test_generators_of_texts_are_read_once(tokenizer):
    other = Tokenizer()
    other.fit_on_texts(text for text in TEXTS)
    assert other.word_index == tokenizer.word_index
    sequences = other.texts_to_sequences_generator(text for text in TEXTS)
    assert next(sequences) == [1, 4, 2, 3, 1, 5]


def test_characters_can_be_words():
    tokenizer = Tokenizer(char_level=True)
    tokenizer.fit_on_texts(["abba", "Ac"])
    assert tokenizer.word_index == {"a": 1, "b": 2, "A": 3, "c": 4}
    assert tokenizer.texts_to_sequences(["cab?"]) == [[4, 1, 2]]
    # one long text, as programs that write texts give it
    tokenizer.fit_on_texts("zzzzz")
    assert tokenizer.word_index["z"] == 1


def test_more_texts_add_to_the_counts(tokenizer):
    at_once = Tokenizer()
    at_once.fit_on_texts([*TEXTS, "the log"])
    tokenizer.fit_on_texts(["the log"])
    for name in ("word_index", "word_counts", "word_docs", "index_docs", "document_count"):
        assert getattr(tokenizer, name) == getattr(at_once, name)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("binary", [0, 1, 1, 0]),
        ("count", [0, 3, 1, 0]),
        ("freq", [0, 0.6, 0.2, 0]),
        ("tfidf", [0, (1 + np.log(3)) * np.log(1 + 2 / 3), np.log(1 + 2 / 2), 0]),
    ],
)
def test_matrix_counts_words_as_its_mode_says(mode, expected):
    tokenizer = Tokenizer(nb_words=4)
    tokenizer.fit_on_sequences([[1, 2, 1], [1, 3, 3]])
    row = tokenizer.sequences_to_matrix([[1, 1, 2, 1, 9]], mode)
    np.testing.assert_allclose(row, [expected], rtol=1e-12)


def test_counts_of_documents_can_come_from_sequences(tokenizer):
    tokenizer.fit_on_sequences([[1, 1, 2], [2]])
    assert tokenizer.index_docs == {1: 1, 2: 2}
    assert tokenizer.document_count == 2


def test_matrix_has_a_column_for_each_word_and_none(tokenizer):
    matrix = tokenizer.texts_to_matrix([TEXTS[0], ""], "count")
    assert matrix.shape == (2, len(tokenizer.word_index) + 1)
    assert matrix[0, 1] == 2
    assert not matrix[:, 0].any()
    assert not matrix[1].any()


def test_word_index_may_be_set_by_hand():
    tokenizer = Tokenizer()
    tokenizer.word_index = {"a": 1, "b": 2}
    assert tokenizer.texts_to_sequences(["b a c"]) == [[2, 1]]


def test_tokenizer_that_knows_no_words_says_so():
    with pytest.raises(DataError, match=r"(?s)knows no words yet.*fit_on_texts"):
        Tokenizer().texts_to_sequences(TEXTS)
    with pytest.raises(DataError, match="knows no words yet"):
        Tokenizer().texts_to_sequences_generator(TEXTS)


def test_matrix_without_a_known_width_is_refused():
    with pytest.raises(ArgumentError, match=r"(?s)number of columns is not known.*nb_words"):
        Tokenizer().sequences_to_matrix([[1]])


def test_tfidf_needs_documents():
    with pytest.raises(DataError, match='mode "tfidf" needs counts of documents'):
        Tokenizer(nb_words=3).sequences_to_matrix([[1]], "tfidf")


def test_unknown_mode_is_named(tokenizer):
    with pytest.raises(UnknownNameError, match='no mode "counts".*Did you mean "count"'):
        tokenizer.texts_to_matrix(TEXTS, "counts")


def test_negative_word_numbers_are_refused():
    with pytest.raises(DataError, match="word numbers are from 0, got -1"):
        Tokenizer(nb_words=3).sequences_to_matrix([[-1]])


@pytest.mark.parametrize("method", ["fit_on_texts", "texts_to_sequences", "texts_to_matrix"])
def test_single_text_in_place_of_a_list_is_refused(tokenizer, method):
    with pytest.raises(DataError, match="needs a list of texts, got the text 'The cat'"):
        getattr(tokenizer, method)("The cat")


def test_text_that_is_no_text_is_named(tokenizer):
    with pytest.raises(DataError, match="each text must be a str, got int 7"):
        tokenizer.fit_on_texts(["a", 7])
