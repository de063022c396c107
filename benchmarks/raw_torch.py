"""Samples a second of a hand-written torch loop with fused Adam, batches cut from a tensor in memory."""

import sys

import torch
from torch import nn

from benchmarks.measure import median_seconds, report, seconds
from benchmarks.models import batch_size, data_for

FITS = 3


class LastOutput(nn.Module):
    """The output of an LSTM's last time step."""

    def __init__(self, features: int, units: int):
        super().__init__()
        self.recurrent = nn.LSTM(features, units, batch_first=True)

    def forward(self, x):
        return self.recurrent(x)[0][:, -1]


def conv_bn():
    block = [nn.Conv2d(3, 32, 3), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)]
    block += [nn.Conv2d(32, 64, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*block, nn.Flatten(), nn.Linear(64 * 6 * 6, 10))


def cnn():
    block = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25)]
    return nn.Sequential(*block, nn.Flatten(), nn.Linear(64 * 12 * 12, 128), nn.ReLU(), nn.Linear(128, 10))


MODELS = {
    "tiny": lambda: nn.Linear(4, 2),
    "mlp": lambda: nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
    "lstm": lambda: nn.Sequential(LastOutput(32, 64), nn.Linear(64, 10)),
    "cnn": cnn,
    "conv_bn": conv_bn,
}


def main(workload: str) -> None:
    x, y = (torch.from_numpy(array) for array in data_for(workload))
    x = x.movedim(-1, 1).contiguous() if x.ndim == 4 else x
    model, batch = MODELS[workload](), batch_size(workload)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    loss_of = nn.CrossEntropyLoss()

    def fit():
        for rows in torch.randperm(len(x)).split(batch):
            optimizer.zero_grad(set_to_none=True)
            loss_of(model(x[rows]), y[rows]).backward()
            optimizer.step()

    first = seconds(fit)
    report(samples_per_second=len(x) / median_seconds(fit, FITS), first_epoch_seconds=first)


if __name__ == "__main__":
    main(sys.argv[1])
