"""The data sets that scikit-learn brings along, split the same way every time."""

from dataclasses import dataclass

import mlflow
import pandas as pd
from sklearn import datasets
from sklearn.model_selection import train_test_split

LOADERS = {
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
    "breast-cancer": datasets.load_breast_cancer,
}


@dataclass(frozen=True)
class Data:
    """One data set, split 75 : 25 for training and validation."""

    name: str
    train: pd.DataFrame
    valid: pd.DataFrame

    def log(self) -> None:
        """Records what the active run learns from and is measured on."""
        for context, frame in (("training", self.train), ("validation", self.valid)):
            dataset = mlflow.data.from_pandas(frame, targets="target", name=f"{self.name}-{context}")
            mlflow.log_input(dataset, context=context)


def load(name: str) -> Data:
    frame = LOADERS[name](as_frame=True).frame
    train, valid = train_test_split(frame, test_size=0.25, random_state=7, stratify=frame["target"])
    return Data(name, train, valid)


def features(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns="target")
