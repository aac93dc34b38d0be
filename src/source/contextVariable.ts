/**
 * MLflow gives every run that `mlflow.start_run` begins the tags in this variable, and has since 1.13:
 * mlflow/tracking/context/system_environment_context.py. What is started in a terminal inherits it, and nothing else does.
 */
export const contextVariable = 'MLFLOW_RUN_CONTEXT';
