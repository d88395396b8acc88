public import ReplanRobot

extension SequenceSettings {
  /// What a robot file says of the training.
  public init(_ model: ModelDescription) {
    self.init()
    training.steps = model.training.steps
    training.batch = model.training.batch
    training.learningRate = Float(model.training.learningRate)
    training.weightDecay = Float(model.training.weightDecay)
    training.posterior = Posterior(model.posterior)
  }
}
