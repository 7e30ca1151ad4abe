"""Progress bars, one at a time."""


class Bars:
    def __init__(self):
        self.bar = None
        self.title = ""

    def __enter__(self) -> "Bars":
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
        self.bar, self.title = None, ""

    def show(self, title: str, done: int, total: int, **settings) -> None:
        """Move the bar of this title. It is made with tqdm's ``settings`` if another was shown before."""
        from tqdm import tqdm

        if title != self.title:
            self.close()
            self.bar, self.title = tqdm(total=total, desc=title, unit_scale=True, **settings), title
        self.bar.update(done - self.bar.n)
