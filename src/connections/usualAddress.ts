/** Where `mlflow server` listens unless told otherwise. */
export const usualAddress = 'http://127.0.0.1:5000';
