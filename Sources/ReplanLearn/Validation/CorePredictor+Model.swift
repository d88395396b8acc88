import ReplanCore
import ReplanLoop
public import ReplanRecord

extension CorePredictor {
  /// A predictor of a model of any kind, as it is fitted and stored.
  public convenience init(_ model: FittedModel) {
    let block = ModelBlock(model)
    self.init(
      structure: model.structure, configuration: block.configuration,
      parameters: block.parameters, owner: block)
  }

  public convenience init(_ model: EnsembleModel) { self.init(.ensemble(model)) }
}
