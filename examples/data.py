"""The data sets that scikit-learn brings along, split the same way every time."""

import warnings
from dataclasses import dataclass

import mlflow
import pandas as pd
from sklearn import datasets
from sklearn.model_selection import train_test_split

LOADERS = {
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
    "breast-cancer": datasets.load_breast_cancer,
    "diabetes": datasets.load_diabetes,
}
REGRESSION = {"diabetes"}

# The labels are whole numbers and none is ever missing.
warnings.filterwarnings("ignore", message=".*Inferred schema contains integer column", category=UserWarning)


@dataclass(frozen=True)
class Data:
    """One data set, split 60 : 20 : 20 for training, validation and the final test."""

    name: str
    train: pd.DataFrame
    valid: pd.DataFrame
    test: pd.DataFrame

    @property
    def is_regression(self) -> bool:
        return self.name in REGRESSION

    @property
    def experiment(self) -> str:
        return f"{'regression' if self.is_regression else 'classification'}/{self.name}"

    def log(self) -> None:
        """Records what the active run learns from and is measured on."""
        for context, frame in (("training", self.train), ("validation", self.valid)):
            dataset = mlflow.data.from_pandas(frame, targets="target", name=f"{self.name}-{context}")
            mlflow.log_input(dataset, context=context)


def load(name: str) -> Data:
    frame = LOADERS[name](as_frame=True).frame
    labels = None if name in REGRESSION else frame["target"]
    rest, test = train_test_split(frame, test_size=0.2, random_state=7, stratify=labels)
    labels = None if name in REGRESSION else rest["target"]
    train, valid = train_test_split(rest, test_size=0.25, random_state=7, stratify=labels)
    return Data(name, train, valid, test)


def features(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns="target")
