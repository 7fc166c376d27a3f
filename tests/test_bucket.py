from quiz.bucket import Bucket


def test_so_many_at_once_and_then_at_a_steady_rate():
    now = [100.0]
    bucket = Bucket(0.5, 3, lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now[0] += 2
    assert [bucket.take() for _ in range(2)] == [True, False]
    now[0] += 1000
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
